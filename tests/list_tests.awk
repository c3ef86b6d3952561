# What list_tests.sh prints. Input: its table of checks, then the files of tests/.

BEGIN {
    # Beside its own folder, where a file's imports are looked for.
    split("tests/e2e tests/oracle", import_folders, " ")
    constants = "PACKAGES UNPACKED BUILDS PLAIN_BUILDS"
    near_most = 6
}

NR == FNR {
    gsub(",", " ", $5)
    add_test($1, $1 "\t" $2 "\t" $3 "\t" $4 "\t" $5 "\t" $6)
    next
}

FNR == 1 {
    is_repeated = FILENAME in known
    constant = ""
    if (!is_repeated) {
        known[FILENAME] = 1
        files[++file_count] = FILENAME
    }
}

is_repeated { next }

/^(\/\/ )?(PACKAGES|UNPACKED|BUILDS|PLAIN_BUILDS) = / {
    constant = $1 == "//" ? $2 : $1
}

constant != "" {
    rest = $0
    while (match(rest, /"[^"]*"/)) {
        needs[FILENAME, constant] = needs[FILENAME, constant] " " substr(rest, RSTART + 1, RLENGTH - 2)
        rest = substr(rest, RSTART + RLENGTH)
    }
    if (rest ~ /[])]/) {
        constant = ""
    }
}

/^from / { imports[FILENAME] = imports[FILENAME] " " $2 }

/^import / {
    count = split(substr($0, 8), modules, /, */)
    for (i = 1; i <= count; i++) {
        sub(/ .*/, "", modules[i])
        imports[FILENAME] = imports[FILENAME] " " modules[i]
    }
}

END {
    for (i = 1; i <= file_count; i++) {
        folder_files[folder_of(files[i])] = folder_files[folder_of(files[i])] " " files[i]
    }
    for (i = 1; i <= file_count; i++) {
        name = test_of(files[i])
        if (name != "") {
            add_test(name, describe(name, files[i]))
        }
    }
    exit print_chosen()
}

function folder_of(path) {
    sub(/\/[^\/]*$/, "", path)
    return path
}

# The test in a file, or "": tests/e2e/test_pace.py has e2e/pace.
function test_of(path) {
    if (path == "tests/bench/bench.py") {
        return "bench"
    }
    return path ~ /\/(test|fuzz)_[^\/]*$/ ? short_name(path) : ""
}

function short_name(path) {
    sub(/^.*tests\//, "", path)
    sub(/\.(py|c)$/, "", path)
    sub(/^(test|fuzz)_/, "", path)
    sub(/\/(test|fuzz)_/, "/", path)
    return path
}

function add_test(name, line) {
    if ((name == "bench") != (ENVIRON["BENCH"] == "yes")) {
        return
    }
    tests[++test_count] = name
    lines[name] = line
}

# Adds to found[] what a file and all that it imports need.
function collect(path, seen, found,    i, words, count) {
    if (path in seen) {
        return
    }
    seen[path] = 1
    count = split(constants, words, " ")
    for (i = 1; i <= count; i++) {
        found[words[i]] = found[words[i]] needs[path, words[i]]
    }
    count = split(imports[path], words, " ")
    for (i = 1; i <= count; i++) {
        collect_module(words[i], folder_of(path), seen, found)
    }
}

# A module of the standard library is none of these files. A package's files all count.
function collect_module(module, folder, seen, found,    i, place, members, count) {
    sub(/\..*/, "", module)
    for (i = 0; i <= 2; i++) {
        place = (i == 0 ? folder : import_folders[i]) "/" module
        if ((place ".py") in known) {
            collect(place ".py", seen, found)
            return
        }
        if (place in folder_files) {
            count = split(folder_files[place], members, " ")
            for (i = 1; i <= count; i++) {
                collect(members[i], seen, found)
            }
            return
        }
    }
}

function unique(words,    i, list, count, seen, result) {
    count = split(words, list, " ")
    for (i = 1; i <= count; i++) {
        if (!(list[i] in seen)) {
            seen[list[i]] = 1
            result = result (result == "" ? "" : " ") list[i]
        }
    }
    return result == "" ? "-" : result
}

function describe(name, path,    seen, found, target) {
    split("", seen)
    split("", found)
    collect(path, seen, found)
    target = path
    sub(/\.c$/, path ~ /^tests\/fuzz\// ? "_replay" : "", target)
    if (target != path) {
        found["BUILDS"] = found["BUILDS"] " " target
    }
    if (found["BUILDS"] found["PLAIN_BUILDS"] != "") {
        found["PACKAGES"] = " @build" found["PACKAGES"]
    }
    return name "\t" path "\t" unique(found["BUILDS"]) "\t" unique(found["PLAIN_BUILDS"]) \
        "\t" unique("python3" found["PACKAGES"]) "\t" unique(found["UNPACKED"])
}

function print_chosen(    i, t, words, count, chosen, is_one, hits, status) {
    count = split(ENVIRON["NAMES"], words, "\n")
    for (i = 1; i < count; i++) {
        hits = 0
        is_one = short_name(words[i]) in lines
        for (t = 1; t <= test_count; t++) {
            if (is_one ? tests[t] == short_name(words[i]) : index(tests[t], short_name(words[i]))) {
                chosen[tests[t]] = 1
                hits++
            }
        }
        if (hits == 0) {
            print_near(words[i])
            status = 2
        }
    }
    for (t = 1; t <= test_count && !status; t++) {
        if (count <= 1 || tests[t] in chosen) {
            print lines[tests[t]]
        }
    }
    return status + 0
}

function smaller(a, b) {
    return a < b ? a : b
}

# How many letters are to be added, removed or changed to make one of the other (Levenshtein).
function distance(a, b,    i, j, above, row, next_above) {
    for (j = 0; j <= length(b); j++) {
        row[j] = j
    }
    for (i = 1; i <= length(a); i++) {
        above = row[0]
        row[0] = i
        for (j = 1; j <= length(b); j++) {
            next_above = row[j]
            row[j] = smaller(smaller(row[j], row[j - 1]) + 1,
                             above + (substr(a, i, 1) != substr(b, j, 1)))
            above = next_above
        }
    }
    return row[length(b)]
}

# Names without their folder, and folders, are compared, too.
function nearness(word, name,    base, folder, part) {
    base = folder = name
    sub(/^.*\//, "", base)
    sub(/\/.*$/, "", folder)
    part = substr(name, 1, length(word))
    return smaller(smaller(distance(word, name), distance(word, base)),
                   smaller(distance(word, folder), distance(word, part)))
}

function print_near(word,    t, how_far, near, shown, worst) {
    word = short_name(word)
    worst = 1 + int(length(word) / 4)
    printf "run: no test has %s in its name", word >"/dev/stderr"
    for (how_far = 0; how_far <= worst && !shown; how_far++) {
        for (t = 1; t <= test_count && shown < near_most; t++) {
            if (nearness(word, tests[t]) == how_far) {
                near = near "\n  " tests[t]
                shown++
            }
        }
    }
    print (shown ? "; near it:" near "\n" : "; ") "./run test --list prints all names" >"/dev/stderr"
}
