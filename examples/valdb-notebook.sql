--@ migration valdb-notebook
--@ target  ValDB2
--@ auth    cookies
--@ option  admins : the CSV list of administrators (user_name, email, fullname)
--@ probe   GET /api/campaigns/?limit=1&sort=
--@ ready   :status = 200

-- ValDB by the rules of the notebook: who validates, who administers, and the campaigns with their
-- reports. The bodies are those of `rowpost plan --rules notebook`, byte for byte as JSON.

-- The words of both sites -----------------------------------------------------------------------
-- The legacy site wrote them in any case (`old`, in upper case); ValDB2 has one spelling (`new`).

--@ lookup category
SELECT upper(column1) AS old, column1 AS new
FROM (VALUES ('Reconstruction'), ('HLT'), ('PAGs'), ('HIN'), ('GEN'));

--@ lookup subcategory
SELECT upper(column1) AS old, column1 AS new
FROM (VALUES ('Data'), ('FastSim'), ('FullSim'), ('Gen'));

--@ lookup groups
SELECT upper(column1) AS old, column1 AS new
FROM (VALUES ('Tracker'), ('Ecal'), ('HGcal'), ('Hcal'), ('CASTOR'), ('DT'), ('CSC'), ('RPC'),
             ('GEM'), ('MTD'), ('PPS'), ('L1'), ('Tracking'), ('Electron'), ('Photon'), ('Muon'),
             ('Jet'), ('MET'), ('bTag'), ('Tau'), ('PF'), ('SMP'), ('Higgs'), ('Top'), ('Susy'),
             ('Exotica'), ('B2G'), ('B'), ('Fwd'), ('HIN'), ('GEN'));

-- The state of a report; other words, and the same in lower case, are unknown.
--@ lookup state
SELECT column1 AS old, column2 AS new
FROM (VALUES ('OK', 1), ('OK TO BE SIGNED-OFF BY THE VALIDATORS', 1), ('NOT YET DONE', 2),
             ('FAILURE', 3), ('CHANGES EXPECTED', 4), ('IN PROGRESS', 5), ('KNOWN ISSUE', 6));

-- People ----------------------------------------------------------------------------------------

--@ table users key user_name
SELECT user_name, email, admin, validator FROM users;

--@ table user_rights key id
SELECT id, user_name, category, subcategory, status_kind FROM user_rights;

-- Who becomes an administrator is decided by the list alone; its first line for a login counts.
--@ lookup listed csv :admins
SELECT min(line) AS line, user_name, email, nullif(fullname, '') AS fullname
FROM csv GROUP BY user_name;

--@ view validator
SELECT user_name, email FROM users WHERE admin = 0 AND validator = 1;

-- IN is another name of HIN, and TK of Tracker, in this spelling only.
--@ view judged_right
SELECT r.id, r.user_name, r.category, r.subcategory, r.status_kind, v.email,
       v.user_name IS NOT NULL AS is_validator,
       length(r.user_name) NOT BETWEEN 1 AND 8 AS is_long,
       CASE WHEN c.new IS NULL THEN 'unknown category "' || coalesce(r.category, '') || '"'
            WHEN s.new IS NULL THEN 'unknown subcategory "' || coalesce(r.subcategory, '') || '"'
            WHEN coalesce(r.status_kind, '') <> '' AND g.new IS NULL
            THEN 'unknown group "' || r.status_kind || '"'
            WHEN v.user_name IS NOT NULL AND v.email IS NULL
            THEN 'the notebook stops at a null e-mail' END AS fault,
       c.new || '.' || s.new || coalesce('.' || g.new, '') AS group_id
FROM user_rights r
LEFT JOIN validator v ON v.user_name = r.user_name
LEFT JOIN category c ON c.old = CASE r.category WHEN 'IN' THEN 'HIN' ELSE upper(r.category) END
LEFT JOIN subcategory s ON s.old = upper(r.subcategory)
LEFT JOIN groups g ON g.old = CASE r.status_kind WHEN 'TK' THEN 'TRACKER'
                                                 ELSE upper(r.status_kind) END;

--@ classify user_rights as rights
SELECT j.id AS row, j.user_name AS document,
       CASE WHEN NOT j.is_validator THEN 'right-of-nobody'
            WHEN j.is_long THEN 'login-length' END AS skip,
       j.fault AS reject, j.group_id,
       min(j.id) OVER (PARTITION BY j.user_name) AS first_id,
       row_number() OVER (ORDER BY j.category, j.subcategory, j.status_kind, j.id) AS place
FROM judged_right j;

-- A row of a person goes where the person's rights, or the list, have led.
--@ classify users as people
SELECT u.user_name AS row, u.user_name AS document,
       CASE WHEN u.admin NOT IN (0, 1) OR u.validator NOT IN (0, 1) THEN NULL
            WHEN u.admin = 1 THEN iif(l.user_name IS NULL, 'admin-not-listed', NULL)
            WHEN u.admin = 0 AND u.validator = 1
            THEN iif(r.document IS NULL, 'rights-unused', NULL)
            ELSE 'no-role' END AS skip,
       CASE WHEN u.admin NOT IN (0, 1) OR u.validator NOT IN (0, 1)
            THEN 'ADMIN or VALIDATOR is neither 0 nor 1' END AS reject,
       u.email, u.admin
FROM users u
LEFT JOIN listed l ON l.user_name = u.user_name AND u.admin = 1
LEFT JOIN (SELECT DISTINCT document FROM rights) r ON r.document = u.user_name;

--@ kind validators from people, rights
--@ noun      user
--@ create    POST /api/users/
--@ success   :status = 200 AND :answer ->> '$.email' = :body ->> '$.email'
--@ id        :answer ->> '$.id'
--@ find      GET /api/users/?search={address}&sort=
--@ match     SELECT value ->> '$.id' FROM json_each(:answer) WHERE value ->> '$.email' = :address
--@ unordered groups
--@ delete    DELETE /api/users/{id}/
SELECT p.document AS key, 1 + count(*) AS rows,
       coalesce(find(p.email, '^[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9-.]+'), '') AS address,
       json_object('role', 2,
                   'email', coalesce(find(p.email, '^[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9-.]+'), ''),
                   'fullname', NULL,
                   'groups', json(array_in_order(json_quote(r.group_id), r.place))) AS body
FROM people p JOIN rights r ON r.document = p.document
WHERE p.admin = 0 GROUP BY p.document ORDER BY min(r.first_id);

--@ kind administrators from people
--@ noun      user
--@ create    POST /api/users/
--@ success   :status = 200 AND :answer ->> '$.email' = :body ->> '$.email'
--@ id        :answer ->> '$.id'
--@ find      GET /api/users/?search={address}&sort=
--@ match     SELECT value ->> '$.id' FROM json_each(:answer) WHERE value ->> '$.email' = :address
--@ unordered groups
--@ delete    DELETE /api/users/{id}/
SELECT p.document AS key, 1 AS rows, l.email AS address,
       json_object('role', 1, 'email', l.email, 'fullname', l.fullname,
                   'groups', json('[]')) AS body
FROM people p JOIN listed l ON l.user_name = p.document
WHERE p.admin = 1 ORDER BY l.line;

-- Campaigns with their reports ------------------------------------------------------------------

--@ table releases key id
SELECT id, category, subcategory, release_name, date, status_kind FROM releases;

--@ unused releases version: the latest version is the row itself

--@ table status key id
SELECT id, validation_status, comments, relmon_url FROM status;

--@ unused status links: the notebook overwrites them
--@ unused status user_name: the notebook leaves the authors empty
--@ unused status messageid, email_subject: mails of the legacy site

-- A date is a text with a day of the calendar, or seconds since 1970, from 1980 to 2099: a number
-- like 20220615 is none.
--@ view dated_release
SELECT id, category, subcategory, release_name, status_kind, date,
       CASE typeof(date)
            WHEN 'integer'
            THEN iif(date BETWEEN unixepoch('1980-01-01') AND unixepoch('2100-01-01') - 1,
                     date(date, 'unixepoch'), NULL)
            ELSE iif(date(date, '+0 days') = substr(date, 1, 10), substr(date, 1, 10), NULL)
       END AS day
FROM releases;

-- A report is a row of each of the two tables. Blanks around a state do not count.
--@ view report
SELECT r.id, s.id AS status_id, coalesce(r.release_name, '') AS campaign,
       c.new || '.' || b.new AS subcategory, c.new || '.' || b.new || '.' || g.new AS group_id,
       t.new AS state, s.comments, s.relmon_url,
       r.day,
       CASE WHEN s.id IS NULL THEN 'status-missing'
            WHEN g.new IS NULL THEN 'kind-not-a-group' END AS skip,
       CASE WHEN c.new IS NULL THEN 'unknown category "' || coalesce(r.category, '') || '"'
            WHEN b.new IS NULL THEN 'unknown subcategory "' || coalesce(r.subcategory, '') || '"'
            WHEN r.date IS NULL THEN 'the notebook stops at a null date'
            WHEN r.day IS NULL THEN r.date || ' is no date'
            WHEN t.new IS NULL
            THEN 'unknown status "' || coalesce(s.validation_status, '') || '"' END AS reject
FROM dated_release r
LEFT JOIN status s ON s.id = r.id
LEFT JOIN category c ON c.old = CASE r.category WHEN 'IN' THEN 'HIN' ELSE upper(r.category) END
LEFT JOIN subcategory b ON b.old = upper(r.subcategory)
LEFT JOIN groups g ON g.old = upper(r.status_kind)
LEFT JOIN state t ON t.old = trim(s.validation_status, char(9, 10, 11, 12, 13, 32, 160));

--@ classify releases as reports
SELECT id AS row, campaign AS document, skip, reject, subcategory, group_id, state, comments,
       relmon_url, day
FROM report;

--@ classify status as states
SELECT s.id AS row, r.campaign AS document,
       iif(r.id IS NULL, 'release-missing', r.skip) AS skip, r.reject
FROM status s LEFT JOIN report r ON r.status_id = s.id;

--@ kind campaigns from reports, states
--@ noun      campaign
--@ create    POST /api/campaigns/migrate/
--@ success   :status = 200 AND :answer ->> '$.name' = :key
--@ id        :answer ->> '$.id'
--@ conflict  :answer ->> '$.message' LIKE '%Name is not unique%'
--@ find      GET /api/campaigns/get/{key}/
--@ match     :answer ->> '$.campaign.id'
--@ read      GET /api/campaigns/get/{key}/
--@ actual    json_set(:answer -> '$.campaign', '$.deadline',
--@ +                  substr(:answer ->> '$.campaign.deadline', 1, 10))
--@ unordered subcategories
WITH written AS (
  SELECT document, count(*) AS reports, max(day) AS deadline, min(row) AS first_row,
         array_in_order(json_object(
           'authors', json('[]'), 'group', group_id, 'campaign_name', document, 'status', state,
           'content', '
                Comments: ' || coalesce(nullif(comments, ''), 'No comments provided') || '
                Links: 
            '), row) AS list
  FROM reports GROUP BY document),
named AS (
  SELECT document, array_in_order(json_quote(subcategory), first_row) AS list
  FROM (SELECT document, subcategory, min(row) AS first_row FROM reports
        GROUP BY document, subcategory) GROUP BY document)
SELECT w.document AS key, 2 * w.reports AS rows,
       json_object('name', w.document, 'description', '', 'deadline', w.deadline,
                   'target_release', w.document, 'reference_release', w.document,
                   'relmon', f.relmon_url, 'subcategories', json(n.list),
                   'reports', json(w.list),
                   'is_open', json(iif(w.deadline > date(:as_of, '-2 months'),
                                       'true', 'false'))) AS body
FROM written w JOIN named n ON n.document = w.document JOIN reports f ON f.row = w.first_row
ORDER BY w.document;
