/* What the report can do beyond being read: everything in it is found by name, its long tables are
   searched, sorted and turned page by page, times are shown in the reader's zone. Nothing here is
   needed to read it, and nothing is asked of any network. */
"use strict";

(function () {
  const PAGE = 50;
  const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  function make(name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }

  function count(number) {
    return number.toLocaleString("en");
  }

  /* The listing that an entry is in. */
  const listings = new Map();

  /* One table: its entries in their present order, what is searched for, and the page shown. */
  class Listing {
    constructor(table) {
      this.table = table;
      this.noun = table.dataset.noun;
      this.entries = Array.from(table.tBodies);
      this.entries.forEach((entry) => listings.set(entry, this));
      this.shown = this.entries;
      this.page = 0;
      this.makeTools();
      const heads = Array.from(table.tHead.rows[0].cells);
      heads.forEach((head, column) => this.makeSortable(head, column));
      this.show();
    }

    makeTools() {
      const search = () => this.search();
      this.words = make("input", { type: "search", autocomplete: "off", oninput: search });
      this.kind = make("select", { onchange: search }, new Option("all", ""));
      const kinds = new Set(this.entries.map((entry) => this.fact(entry, 1)));
      kinds.forEach((kind) => this.kind.append(new Option(kind, kind)));
      this.status = make("p", { className: "told" });
      this.status.setAttribute("role", "status");
      this.back = make("button", { type: "button", onclick: () => this.turn(-1) }, "Previous");
      this.next = make("button", { type: "button", onclick: () => this.turn(1) }, "Next");
      const unfold = () => this.unfold();
      this.unfolder = make("button", { type: "button", onclick: unfold }, "Unfold all");
      const tools = make("div", { className: "tools" });
      tools.setAttribute("role", "group");
      tools.setAttribute("aria-label", this.table.dataset.name);
      tools.append(make("label", {}, "Search in these " + this.noun, this.words));
      if (kinds.size > 1) {
        tools.append(make("label", {}, this.table.tHead.rows[0].cells[1].textContent, this.kind));
      }
      tools.append(this.unfolder);
      if (this.entries.length > PAGE) {
        tools.append(this.back, this.next);
      }
      tools.append(this.status);
      this.table.before(tools);
    }

    makeSortable(head, column) {
      const sort = () => this.sort(head, column);
      head.replaceChildren(make("button", { type: "button", onclick: sort }, head.textContent));
    }

    fact(entry, column) {
      return entry.rows[0].cells[column].textContent;
    }

    sort(head, column) {
      const isTurned = head.getAttribute("aria-sort") === "ascending";
      for (const other of head.parentNode.cells) {
        other.removeAttribute("aria-sort");
      }
      head.setAttribute("aria-sort", isTurned ? "descending" : "ascending");
      const sign = isTurned ? -1 : 1;
      this.entries.sort((a, b) => sign * order.compare(this.fact(a, column), this.fact(b, column)));
      this.table.append(...this.entries);
      this.search();
    }

    /* Every word has to be there, in the facts or in what is folded; as a library's AND. */
    search() {
      const words = this.words.value.toLowerCase().split(/\s+/).filter(Boolean);
      const kind = this.kind.value;
      this.shown = this.entries.filter((entry) => {
        if (kind !== "" && this.fact(entry, 1) !== kind) {
          return false;
        }
        if (words.length === 0) {
          return true;
        }
        entry.searched ??= entry.textContent.toLowerCase();
        return words.every((word) => entry.searched.includes(word));
      });
      this.page = 0;
      this.show();
    }

    /* Shows the page with the entry, whatever was searched for. */
    turnTo(entry) {
      this.words.value = "";
      this.kind.value = "";
      this.search();
      this.page = Math.floor(this.shown.indexOf(entry) / PAGE);
      this.show();
    }

    turn(pages) {
      const last = Math.max(0, Math.ceil(this.shown.length / PAGE) - 1);
      this.page = Math.min(Math.max(this.page + pages, 0), last);
      this.show();
    }

    /* What the search leaves out is not printed either; the other pages are. */
    show() {
      const first = this.page * PAGE;
      const end = Math.min(first + PAGE, this.shown.length);
      const found = new Set(this.shown);
      for (const entry of this.entries) {
        entry.classList.toggle("out", !found.has(entry));
      }
      this.shown.forEach((entry, at) => entry.classList.toggle("off", at < first || at >= end));
      /* A button that is disabled would lose the keyboard's focus. */
      this.back.setAttribute("aria-disabled", this.page === 0);
      this.next.setAttribute("aria-disabled", end >= this.shown.length);
      this.status.textContent = this.describe(first, end);
    }

    describe(first, end) {
      const found = this.shown.length;
      if (found === 0) {
        return "None of these " + this.noun + " has that";
      }
      const range = found > PAGE ? count(first + 1) + " to " + count(end) + " of " : "";
      const whole = found < this.entries.length ? " of " + count(this.entries.length) : "";
      const noun = this.entries.length === 1 ? this.noun.replace(/s$/, "") : this.noun;
      return range + count(found) + whole + " " + noun;
    }

    /* What is on the page, all at once; the second time it is folded again. */
    unfold() {
      const isOpen = this.unfolder.textContent === "Fold all";
      this.unfolder.textContent = isOpen ? "Unfold all" : "Fold all";
      for (const details of this.table.querySelectorAll("tbody:not(.off):not(.out) details")) {
        details.open = !isOpen;
      }
    }
  }

  /* Behind the lines with names in the finder's index (src/report/html_index.c). */
  const FIRST_LINE = 3;
  const SHOWN = 50;

  /* A word as it is where a shell gives its letters no meaning; else in quotes. */
  function quote(word) {
    return /^[\w.@%+=:,/-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'";
  }

  /* The search over all documents and rows. The index is read when somebody looks for something. */
  class Finder {
    constructor(index) {
      this.index = index;
      const search = () => this.search();
      this.words = make("input", { type: "search", autocomplete: "off", oninput: search });
      this.status = make("p", { className: "told" });
      this.status.setAttribute("role", "status");
      this.more = make("button", { type: "button", hidden: true, onclick: () => this.show() },
        "Show more");
      this.list = make("ol", { className: "found" });
      const tools = make("div", { className: "tools" });
      tools.append(make("label", {}, "Name, key or number of a row", this.words), this.status);
      const finder = make("div", { className: "finder" });
      finder.append(tools, this.list, this.more);
      index.before(finder);
    }

    read() {
      const lines = this.index.textContent.split("\n");
      const names = (line) => lines[line].split("\t").slice(1);
      [this.kinds, this.tables, this.standings] = [names(0), names(1), names(2)];
      this.lines = lines.slice(FIRST_LINE).filter(Boolean);
      let id = 0;
      const counts = { "!": 0, "-": 0 };
      this.ids = [];
      this.texts = this.lines.map((line) => {
        const fields = line.split("\t", 3);
        const isRow = fields[0] in counts;
        if (isRow) {
          this.ids.push(++counts[fields[0]]);
        } else {
          id = fields[2] === "" ? id + 1 : Number(fields[2]);
          this.ids.push(id);
        }
        const numbers = fields.slice(0, isRow ? 2 : 3);
        return line.slice(numbers.join("\t").length + 1).toLowerCase();
      });
    }

    /* Every word has to be there; what is named so comes first, then what begins so. */
    search() {
      if (!this.texts) {
        this.read();
      }
      const wanted = this.words.value.trim().toLowerCase();
      const words = wanted.split(/\s+/).filter(Boolean);
      this.isNamed = (text) => words.some((word) => text.toLowerCase().includes(word));
      const ranks = [[], [], []];
      if (words.length > 0) {
        this.texts.forEach((text, at) => {
          if (words.every((word) => text.includes(word))) {
            const isStart = text.startsWith(wanted);
            const end = text[wanted.length];
            ranks[isStart ? (end === undefined || end === "\t" ? 0 : 1) : 2].push(at);
          }
        });
      }
      this.found = ranks.flat();
      this.list.replaceChildren();
      this.status.textContent = words.length === 0 ? ""
        : this.found.length === 0 ? "Nothing here has that name"
          : count(this.found.length) + " found";
      this.show();
    }

    show() {
      const from = this.list.children.length;
      const next = this.found.slice(from, from + SHOWN);
      this.list.append(...next.map((at) => this.describe(at)));
      this.more.hidden = this.list.children.length >= this.found.length;
    }

    describe(at) {
      const fields = this.lines[at].split("\t");
      return fields[0] === "!" || fields[0] === "-"
        ? this.describeRow(fields, this.ids[at])
        : this.describeDocument(fields, this.ids[at]);
    }

    describeDocument([kind, standing, , key, ...rows], id) {
      const command = this.index.dataset.show + " --kind " + quote(this.kinds[kind])
        + (/^-./.test(key) ? " -- " : " ") + quote(key);
      const all = rows.map((row) => {
        const [table, ...name] = row.split(" ");
        return [this.tables[table], name.length > 0 ? name.join(" ") : key];
      });
      const isLookedFor = ([, name]) => this.isNamed(name);
      const named = [...all.filter(isLookedFor), ...all.filter((row) => !isLookedFor(row))]
        .map((row) => row.join(" "));
      const facts = this.kinds[kind] + ": " + this.standings[standing];
      return this.makeEntry(key, facts, "document-" + id, command, named);
    }

    describeRow([mark, table, name, topics], number) {
      const isRejected = mark === "!";
      const facts = "row of " + this.tables[table] + (isRejected ? ": rejected" : ": skipped");
      const id = (isRejected ? "rejected-rows-" : "skipped-rows-") + number;
      const command = (isRejected ? this.index.dataset.rejects : this.index.dataset.skips)
        + " --table " + quote(this.tables[table]);
      return this.makeEntry(name, facts, id, command, topics ? [topics] : []);
    }

    makeEntry(name, facts, id, command, more) {
      const hasDetails = document.getElementById(id) !== null;
      const where = hasDetails
        ? make("a", { href: "#" + id }, "Details")
        : make("code", {}, command);
      const title = make("strong", {}, name);
      const entry = make("li", {}, make("p", {}, title, " ", facts, ". ", where));
      if (more.length > 0) {
        const shown = more.slice(0, 20);
        const rest = more.length - shown.length;
        const left = rest > 0 ? ", and " + count(rest) + " more" : "";
        entry.append(make("p", {}, shown.join(", ") + left));
      }
      return entry;
    }
  }

  /* Times are written in UTC; next to each is the time in the reader's zone, if that differs. */
  function addLocalTimes(root) {
    const format = new Intl.DateTimeFormat("en-GB", {
      day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit",
      hourCycle: "h23", timeZoneName: "short",
    });
    for (const time of root.querySelectorAll("time:not(.local)")) {
      const moment = new Date(time.dateTime);
      if (moment.getTimezoneOffset() !== 0 && !Number.isNaN(moment.getTime())) {
        time.append(make("span", { className: "local-time" }, " (" + format.format(moment) + ")"));
      }
      time.classList.add("local");
    }
  }

  /* Says of each table whether there is more of it at the side. */
  function addCues() {
    for (const box of document.querySelectorAll(".scroll")) {
      const isCut = box.scrollWidth > box.clientWidth + 1;
      const cue = box.previousElementSibling;
      const hasCue = cue !== null && cue.classList.contains("cue");
      if (isCut && !hasCue) {
        box.before(make("p", { className: "cue" }, "This table goes on to the right \u2192"));
      } else if (!isCut && hasCue) {
        cue.remove();
      }
    }
  }

  /* On paper rejected rows and people are unfolded; then everything is as it was. */
  let unfolded = [];
  function unfoldForPaper() {
    unfolded = Array.from(document.querySelectorAll(
      ".paper:not([open]), .unfolded .more details:not([open])"));
    unfolded.forEach((details) => (details.open = true));
  }
  function foldAgain() {
    unfolded.forEach((details) => (details.open = false));
  }

  /* A link to something that is folded unfolds it, and turns to its page. */
  function reveal() {
    const target = document.getElementById(location.hash.slice(1));
    const listing = listings.get(target);
    if (listing) {
      listing.turnTo(target);
      target.querySelector("details").open = true;
    }
    let fold = target && target.closest("details");
    while (fold) {
      fold.open = true;
      fold = fold.parentElement.closest("details");
    }
    if (listing) {
      target.scrollIntoView();
    }
  }

  document.querySelectorAll("table.listing").forEach((table) => new Listing(table));
  const index = document.getElementById("index");
  if (index) {
    new Finder(index);
  }
  addLocalTimes(document);
  addCues();
  window.addEventListener("resize", addCues);
  document.addEventListener("toggle", addCues, true);
  window.addEventListener("beforeprint", unfoldForPaper);
  window.addEventListener("afterprint", foldAgain);
  window.addEventListener("hashchange", reveal);
  reveal();
})();
