--@ migration helpdesk-to-redmine
--@ target  Redmine 5.0 through its REST API, with the API key of an administrator
--@ auth    header X-Redmine-API-Key
--@ option  format markdown: as Redmine formats texts (Administration, Settings); or text
--@ probe   GET /users/current.json
--@ ready   :status = 200 AND :answer ->> '$.user.admin'

-- A help desk: its people, tickets and remarks. docs/migrations/helpdesk-to-redmine.md explains the
-- decisions. Redmine answers 201 and 204 also if it leaves something out: a status, a custom field
-- that it does not know, the flag of a private note. It ignores a filter that it does not know. So
-- everything is read back, and each `match` proves the record.

-- What Redmine has already, by name -------------------------------------------------------------

--@ existing projects
--@ get GET /projects.json?limit=100&offset={offset}
SELECT value ->> '$.identifier' AS key, value ->> '$.id' AS id
FROM json_each(:answer, '$.projects');

--@ existing trackers
--@ get GET /trackers.json
SELECT value ->> '$.name' AS key, value ->> '$.id' AS id FROM json_each(:answer, '$.trackers');

--@ existing statuses
--@ get GET /issue_statuses.json
SELECT value ->> '$.name' AS key, value ->> '$.id' AS id FROM json_each(:answer, '$.issue_statuses');

--@ existing priorities
--@ get GET /enumerations/issue_priorities.json
SELECT value ->> '$.name' AS key, value ->> '$.id' AS id
FROM json_each(:answer, '$.issue_priorities');

--@ existing roles
--@ get GET /roles.json
SELECT value ->> '$.name' AS key, value ->> '$.id' AS id FROM json_each(:answer, '$.roles');

-- A field that is not a filter cannot be looked for: Redmine would show all issues.
--@ existing fields
--@ get GET /custom_fields.json
SELECT value ->> '$.name' AS key, value ->> '$.id' AS id FROM json_each(:answer, '$.custom_fields')
WHERE value ->> '$.customized_type' = 'issue' AND value ->> '$.is_filter';

--@ existing writers
--@ get GET /users/current.json
SELECT 'administrator' AS key, :answer ->> '$.user.id' AS id;

-- Decisions, for the reviewer -------------------------------------------------------------------

--@ lookup team
SELECT column1 AS old, column2 AS project
FROM (VALUES ('net', 'net'), ('printers', 'printers'), ('hr', 'hr'));

--@ lookup state
SELECT column1 AS old, column2 AS status
FROM (VALUES ('open', 'New'), ('waiting', 'Feedback'), ('closed', 'Closed'));

--@ lookup urgency
SELECT column1 AS old, column2 AS priority
FROM (VALUES (0, 'Low'), (1, 'Normal'), (2, 'High'), (3, 'Urgent'), (4, 'Immediate'));

--@ check the format is markdown or text
SELECT :format WHERE :format NOT IN ('markdown', 'text');

-- People ----------------------------------------------------------------------------------------

--@ table old_people key id
SELECT id, login, mail, name, agent, left_on FROM person;

--@ view person_address
SELECT id, lower(find(mail, '[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+')) AS address
FROM old_people;

--@ classify old_people as people
SELECT p.id AS row,
       first_value(p.id) OVER (PARTITION BY coalesce(a.address, p.id) ORDER BY p.id) AS document,
       CASE WHEN a.address IS NULL THEN 'no address in "' || coalesce(p.mail, '') || '"' END AS reject,
       a.address, coalesce(nullif(squeeze(p.name), ''), p.login, a.address) AS name,
       coalesce(p.agent = 1, 0) AS is_agent,
       coalesce(nullif(trim(p.left_on), '') <= :as_of, 0) AS has_left,
       a.address <> p.mail AS "fix address-cleaned",
       coalesce(squeeze(p.name), '') = '' AS "fix name-filled"
FROM old_people p JOIN person_address a ON a.id = p.id;

-- One for each address. A login has only some characters, and at most 60.
--@ view person
SELECT first.row AS id, first.address, first.name, twins.is_agent, twins.has_left,
       iif(first.address REGEXP '^[a-z0-9_.@-]{1,60}$', first.address,
           substr(replace(first.address, '+', '_'), 1, 45) || '-' || first.row) AS login,
       instr(first.name, ' ') AS blank, twins.rows
FROM people first
JOIN (SELECT document, count(*) AS rows, max(is_agent) AS is_agent, min(has_left) AS has_left
      FROM people GROUP BY document) twins ON twins.document = first.row;

--@ check each person has a login of their own
SELECT login FROM person GROUP BY login HAVING count(*) > 1;

--@ kind people from people
--@ noun     user
--@ create   POST /users.json
--@ success  :status = 201 AND :answer ->> '$.user.mail' = :address
--@ id       :answer ->> '$.user.id'
--@ conflict :status = 422  -- the sentence that comes with it is in the language of the key's owner
--@ find     GET /users.json?name={address}&status=&limit=100
--@ match    SELECT value ->> '$.id' FROM json_each(:answer, '$.users')
--@ +        WHERE lower(value ->> '$.mail') = :address
--@ read     GET /users/{id}.json
--@ actual   json_object('user', json_object('login', :answer ->> '$.user.login',
--@ +          'mail', lower(:answer ->> '$.user.mail'),
--@ +          'firstname', :answer ->> '$.user.firstname', 'lastname', :answer ->> '$.user.lastname'))
--@ ignore   user.generate_password
--@ secret   user.api_key
--@ list     GET /users.json?status=&limit=100&offset={offset}
--@ each     SELECT value ->> '$.id' FROM json_each(:answer, '$.users')
--@ update   PUT /users/{id}.json user.firstname, user.lastname
--@ delete   DELETE /users/{id}.json
SELECT id AS key, rows, address,
       json_object('user', json_object(
         'login', login, 'mail', address,
         'firstname', iif(blank = 0, '-', substr(name, 1, min(blank - 1, 30))),  -- mandatory
         'lastname', substr(name, blank + 1, 30), 'generate_password', json('true'))) AS body
FROM person;

-- Tickets ---------------------------------------------------------------------------------------

--@ table old_tickets key id
SELECT id, person_id, agent_id, team, title, state, prio, html, opened, closed, spam FROM ticket;

--@ classify old_tickets as tickets
SELECT t.id AS row,
       iif(t.spam = 1, 'spam', NULL) AS skip,
       CASE WHEN q.project IS NULL THEN 'unknown team "' || coalesce(t.team, '') || '"'
            WHEN s.status IS NULL THEN 'unknown state "' || coalesce(t.state, '') || '"'
            WHEN u.priority IS NULL THEN 'unknown urgency ' || t.prio
            WHEN p.id IS NULL THEN 'its person ' || coalesce(t.person_id, '') || ' is not migrated'
       END AS reject,
       q.project, s.status, u.priority, p.id AS person, p.login, a.id AS agent,
       coalesce(nullif(squeeze(t.title), ''), '(no title)') AS title,
       coalesce(replace(iif(:format = 'markdown', html_to_markdown(t.html), html_to_text(t.html)),
                        char(13), ''), '') AS text, t.opened, t.closed,
       coalesce(squeeze(t.title), '') = '' AS "fix title-filled",
       length(squeeze(t.title)) > 255 AS "fix title-cut",
       t.prio IS NULL AS "fix urgency-filled",
       t.agent_id IS NOT NULL AND a.id IS NULL AS "fix assignee-not-an-agent"
FROM old_tickets t
LEFT JOIN team q ON q.old = lower(trim(t.team))
LEFT JOIN state s ON s.old = lower(trim(t.state))
LEFT JOIN urgency u ON u.old = coalesce(t.prio, 1)
LEFT JOIN people pr ON pr.row = t.person_id
LEFT JOIN person p ON p.id = pr.document
LEFT JOIN people ar ON ar.row = t.agent_id
LEFT JOIN person a ON a.id = ar.document AND a.is_agent;

-- Redmine assigns an issue only to a member of its project.

--@ kind members also tickets
--@ noun      membership
--@ create    POST /projects/{project}/memberships.json
--@ success   :status = 201 AND :answer ->> '$.membership.user.id' = :user
--@ +         AND :answer ->> '$.membership.project.id' = :project
--@ id        :answer ->> '$.membership.id'
--@ conflict  :status = 422
--@ find      GET /users/{user}.json?include=memberships
--@ match     SELECT value ->> '$.id' FROM json_each(:answer, '$.user.memberships')
--@ +         WHERE value ->> '$.project.id' = :project
--@ read      GET /memberships/{id}.json
--@ actual    json_object('membership', json_object('user_id', :answer -> '$.membership.user.id',
--@ +           'role_ids', (SELECT json_group_array(value -> '$.id')
--@ +                        FROM json_each(:answer, '$.membership.roles'))))
--@ unordered membership.role_ids
--@ secret    user.api_key
--@ delete    DELETE /memberships/{id}.json
SELECT DISTINCT agent || ' in ' || project AS key, new_id('projects', project) AS project,
       new_id('people', agent) AS user,
       json_object('membership', json_object('user_id', json(new_id('people', agent)),
                   'role_ids', json_array(json(new_id('roles', 'Developer'))))) AS body
FROM tickets WHERE agent IS NOT NULL ORDER BY agent, project;

-- An issue has the person who opened it as its author: the header makes it, so that it is not in
-- the body. The old id comes with the issue in one step, and is what it is found by.

--@ kind tickets from tickets
--@ noun    issue
--@ create  POST /issues.json
--@ header  X-Redmine-Switch-User: {login}
--@ success :status = 201 AND :answer ->> '$.issue.subject' = :body ->> '$.issue.subject'
--@ +       AND EXISTS (SELECT 1 FROM json_each(:answer, '$.issue.custom_fields')
--@ +                   WHERE value ->> '$.id' = :field AND value ->> '$.value' = :key)
--@ id      :answer ->> '$.issue.id'
--@ find    GET /issues.json?cf_{field}={key}&status_id=*&limit=100
--@ match   SELECT i.value ->> '$.id'
--@ +       FROM json_each(:answer, '$.issues') i, json_each(i.value, '$.custom_fields') f
--@ +       WHERE f.value ->> '$.id' = :field AND f.value ->> '$.value' = :key
--@ read    GET /issues/{id}.json
--@ actual  (SELECT json_object('issue', json_object('project_id', i -> '$.project.id',
--@ +         'tracker_id', i -> '$.tracker.id', 'priority_id', i -> '$.priority.id',
--@ +         'author_id', i -> '$.author.id', 'assigned_to_id', i -> '$.assigned_to.id',
--@ +         'subject', i ->> '$.subject', 'start_date', i ->> '$.start_date',
--@ +         'description', replace(i ->> '$.description', char(13), ''),
--@ +         'custom_fields', (SELECT json_group_array(json_object('id', value -> '$.id',
--@ +                                                               'value', value ->> '$.value'))
--@ +                           FROM json_each(i, '$.custom_fields')
--@ +                           WHERE value ->> '$.id' = :field)))
--@ +       FROM (SELECT :answer -> '$.issue' AS i))
--@ list    GET /issues.json?status_id=*&limit=100&offset={offset}&sort=id
--@ each    SELECT value ->> '$.id' FROM json_each(:answer, '$.issues')
--@ delete  DELETE /issues/{id}.json
SELECT row AS key, login, new_id('fields', 'Legacy id') AS field,
       json_object('issue', json_object('author_id', json(new_id('people', person)))) AS expect,
       json_object('issue', json_object(
         'project_id', json(new_id('projects', project)),
         'tracker_id', json(new_id('trackers', 'Support')),
         'priority_id', json(new_id('priorities', priority)),
         'assigned_to_id', json(coalesce(new_id('people', agent), 'null')),
         'subject', substr(title, 1, 255),
         'description', '[ticket ' || row || ', opened ' || coalesce(opened, 'at no known time') ||
                        coalesce(', closed ' || closed, '') || ']' ||
                        iif(length(title) > 255, char(10) || title, '') ||
                        iif(text <> '', char(10) || text, ''),
         'start_date', iif(date(opened, '+0 days') = substr(opened, 1, 10),  -- there is such a day
                           substr(opened, 1, 10), NULL),
         'custom_fields', json_array(json_object('id', json(new_id('fields', 'Legacy id')),
                                                 'value', CAST(row AS TEXT))))) AS body
FROM tickets ORDER BY row;

-- Remarks: notes of the issue -------------------------------------------------------------------
-- Redmine publishes a private note, without a word, if its writer may not write private ones. So a
-- private note is written by the administrator, never in somebody's name. Only 0 means public.

--@ table old_comments key id
SELECT id, ticket_id, person_id, internal, html, written FROM comment;

--@ classify old_comments as comments
SELECT c.id AS row,
       CASE WHEN t.spam = 1 THEN 'spam'
            WHEN coalesce(html_to_text(c.html), '') = '' THEN 'empty' END AS skip,
       CASE WHEN t.id IS NULL THEN 'there is no ticket ' || coalesce(c.ticket_id, '')
            WHEN i.row IS NULL THEN 'its ticket ' || c.ticket_id || ' is not migrated' END AS reject,
       i.row AS ticket, coalesce(c.internal <> 0, 1) AS is_private, p.id AS person, p.login,
       coalesce(p.name, nullif(squeeze(o.name), ''), 'somebody') AS writer,
       coalesce(c.written, 'at no known time') AS written,
       replace(iif(:format = 'markdown', html_to_markdown(c.html), html_to_text(c.html)),
               char(13), '') AS text,
       coalesce(c.internal NOT IN (0, 1), 1) AS "fix privacy-assumed"
FROM old_comments c
LEFT JOIN old_tickets t ON t.id = c.ticket_id
LEFT JOIN tickets i ON i.row = c.ticket_id
LEFT JOIN old_people o ON o.id = c.person_id
LEFT JOIN people pr ON pr.row = c.person_id
LEFT JOIN person p ON p.id = pr.document;

--@ view note
SELECT row, ticket, is_private, written, iif(is_private, NULL, login) AS login,
       iif(is_private, NULL, person) AS person,
       '[comment ' || row || ',' AS mark, ' ' || writer || ', ' || written || ']' AS head, text
FROM comments;

--@ check a private note is never written in the name of a user
SELECT row FROM note WHERE is_private AND login IS NOT NULL;

-- A note has no id that could be chosen, and its answer shows none: it is found by its mark, which
-- Redmine stores in one step with the text.

--@ kind comments from comments
--@ noun    note
--@ create  PUT /issues/{issue}.json
--@ header  X-Redmine-Switch-User: {login}
--@ success :status = 204
--@ id      from match
--@ retry   :status = 422 AND :answer ->> '$.errors' = '[]'  -- another change of the issue was first
--@ find    GET /issues/{issue}.json?include=journals
--@ match   SELECT value ->> '$.id' FROM json_each(:answer, '$.issue.journals')
--@ +       WHERE substr(value ->> '$.notes', 1, length(:mark)) = :mark
--@ actual  (SELECT json_object('issue', json_object('user_id', value -> '$.user.id',
--@ +         'private_notes', value -> '$.private_notes', 'notes', value ->> '$.notes'))
--@ +       FROM json_each(:answer, '$.issue.journals')
--@ +       WHERE substr(value ->> '$.notes', 1, length(:mark)) = :mark)
SELECT row AS key, new_id('tickets', ticket) AS issue, printf('ticket %09d', ticket) AS ordering_key,
       login, mark,
       json_object('issue', json_object('user_id', json(coalesce(
         new_id('people', iif(login IS NULL, NULL, person)),
         new_id('writers', 'administrator'))))) AS expect,
       json_object('issue', json_object('private_notes', json(bool(is_private)),
                                        'notes', mark || head || char(10) || text)) AS body
FROM note ORDER BY ticket, written, row;

-- The second step -------------------------------------------------------------------------------
-- A new issue has the first status of its workflow, whatever is asked for.

--@ kind states also tickets
--@ noun    status
--@ create  PUT /issues/{issue}.json
--@ success :status = 204
--@ id      from match
--@ retry   :status = 422 AND :answer ->> '$.errors' = '[]'
--@ find    GET /issues/{issue}.json
--@ match   SELECT :answer ->> '$.issue.id'
--@ +       WHERE :answer ->> '$.issue.status.id' = :body ->> '$.issue.status_id'
--@ actual  json_object('issue', json_object('status_id', :answer -> '$.issue.status.id'))
--@ update  PUT /issues/{issue}.json
SELECT row AS key, new_id('tickets', row) AS issue,
       json_object('issue', json_object('status_id', json(new_id('statuses', status)))) AS body
FROM tickets WHERE status <> 'New' ORDER BY row;

-- A person who has left is locked when all is there that is in that person's name, or assigned to
-- that person: Redmine refuses both for a locked user. `after` is only waited for.

--@ view written_first
SELECT person, new_id('tickets', row) AS record FROM tickets
UNION SELECT agent, new_id('tickets', row) FROM tickets
UNION SELECT person, new_id('comments', row) FROM note;

--@ kind departures also people, tickets, comments
--@ noun    locked user
--@ create  PUT /users/{user}.json
--@ success :status = 204
--@ id      from match
--@ find    GET /users/{user}.json
--@ match   SELECT :answer ->> '$.user.id' WHERE :answer ->> '$.user.status' = 3
--@ actual  json_object('user', json_object('status', :answer -> '$.user.status'))
--@ ignore  after
--@ secret  user.api_key
SELECT p.id AS key, new_id('people', p.id) AS user,
       json_object('after', (SELECT json_group_array(json(w.record)) FROM written_first w
                             WHERE w.person = p.id)) AS expect,
       json_object('user', json_object('status', 3)) AS body
FROM person p WHERE p.has_left;

-- Tests: rowpost test FILE ----------------------------------------------------------------------

--@ test twins are one user, and a name has two parts
--@ given old_people id, login, mail, name, agent, left_on
VALUES (1, 'ann', 'Ann@x.example', ' Ann  van Arbor ', 0, '2014-01-01'),
       (2, 'ann2', '<ann@x.example>', 'Ann', 1, NULL), (3, 'bob', 'a+b@x.example', '', 0, ''),
       (4, 'cy', 'cy at x', 'Cy', 0, NULL), (5, NULL, 'dora@x.example', NULL, NULL, NULL),
       (6, 'eve', 'e@x.example', 'Maximiliane-Theodora-Wilhelmina O''Neil', 0, '9999-01-01');
--@ expect people
VALUES (1, '{"user": {"login": "ann@x.example", "mail": "ann@x.example", "firstname": "Ann",
             "lastname": "van Arbor", "generate_password": true}}'),
       (3, '{"user": {"login": "a_b@x.example-3", "mail": "a+b@x.example", "firstname": "-",
             "lastname": "bob", "generate_password": true}}'),
       (5, '{"user": {"login": "dora@x.example", "mail": "dora@x.example", "firstname": "-",
             "lastname": "dora@x.example", "generate_password": true}}'),
       (6, '{"user": {"login": "e@x.example", "mail": "e@x.example",
             "firstname": "Maximiliane-Theodora-Wilhelmin", "lastname": "O''Neil",
             "generate_password": true}}');
--@ outcomes old_people
VALUES (1, 'used', 1), (2, 'used', 1), (3, 'used', 3), (4, 'rejected', 'no address in "cy at x"'),
       (5, 'used', 5), (6, 'used', 6);

--@ test a ticket keeps what Redmine cannot store as a line of text, and gets its status later
--@ given old_people id, login, mail, name, agent, left_on
VALUES (1, 'ann', 'ann@x.example', 'Ann Arbor', 1, '2014-12-31'),
       (2, 'bob', 'bob@x.example', 'Bob B', 0, NULL), (3, 'cy', 'nowhere', 'Cy', 0, NULL);
--@ given old_tickets id, person_id, agent_id, team, title, state, prio, html, opened, closed, spam
VALUES (1, 2, 1, ' NET', ' It  broke', 'Closed ', 4, '<p>It <b>broke</b></p>',
        '2014-02-28 09:00:00', '2014-03-01', 0),
       (2, 1, 2, 'hr', '', 'open', NULL, NULL, '2014-02-30 09:00:00', NULL, NULL),
       (3, 2, NULL, 'hr', 'x', 'open', 1, '', NULL, NULL, 1),
       (4, 2, NULL, 'it', 'x', 'open', 1, '', NULL, NULL, 0),
       (5, 2, NULL, 'hr', 'x', 'lost', 1, '', NULL, NULL, 0),
       (6, 2, NULL, 'hr', 'x', 'open', 7, '', NULL, NULL, 0),
       (7, 3, NULL, 'hr', 'x', 'open', 1, '', NULL, NULL, 0);
--@ expect people
VALUES (1, '{"user": {"login": "ann@x.example", "mail": "ann@x.example", "firstname": "Ann",
             "lastname": "Arbor", "generate_password": true}}'),
       (2, '{"user": {"login": "bob@x.example", "mail": "bob@x.example", "firstname": "Bob",
             "lastname": "B", "generate_password": true}}');
--@ expect members
VALUES ('1 in net', '{"membership": {"user_id": {"$new": ["people", "1"]},
                                     "role_ids": [{"$new": ["roles", "Developer"]}]}}');
--@ expect tickets
VALUES (1, '{"issue": {"project_id": {"$new": ["projects", "net"]},
             "tracker_id": {"$new": ["trackers", "Support"]},
             "priority_id": {"$new": ["priorities", "Immediate"]},
             "assigned_to_id": {"$new": ["people", "1"]}, "subject": "It broke",
             "description": "[ticket 1, opened 2014-02-28 09:00:00, closed 2014-03-01]\nIt **broke**",
             "start_date": "2014-02-28",
             "custom_fields": [{"id": {"$new": ["fields", "Legacy id"]}, "value": "1"}]}}'),
       (2, '{"issue": {"project_id": {"$new": ["projects", "hr"]},
             "tracker_id": {"$new": ["trackers", "Support"]},
             "priority_id": {"$new": ["priorities", "Normal"]},
             "assigned_to_id": null, "subject": "(no title)",
             "description": "[ticket 2, opened 2014-02-30 09:00:00]", "start_date": null,
             "custom_fields": [{"id": {"$new": ["fields", "Legacy id"]}, "value": "2"}]}}');
--@ expect states
VALUES (1, '{"issue": {"status_id": {"$new": ["statuses", "Closed"]}}}');
--@ expect departures
VALUES (1, '{"user": {"status": 3}}');
--@ outcomes old_tickets
VALUES (1, 'used', 1), (2, 'used', 2), (3, 'skipped', 'spam'),
       (4, 'rejected', 'unknown team "it"'), (5, 'rejected', 'unknown state "lost"'),
       (6, 'rejected', 'unknown urgency 7'), (7, 'rejected', 'its person 3 is not migrated');

--@ test a remark is public only if it was marked so
--@ given old_people id, login, mail, name, agent
VALUES (1, 'ann', 'ann@x.example', 'Ann Arbor', 1), (2, 'cy', 'nowhere', ' Cy ', 0);
--@ given old_tickets id, person_id, team, title, state, prio
VALUES (1, 1, 'hr', 'x', 'open', 1), (2, 1, 'hr', 'x', 'lost', 1);
--@ given old_comments id, ticket_id, person_id, internal, html, written
VALUES (1, 1, 1, 0, '<p>a</p><p><b>b</b></p>', '2014-01-01'), (2, 1, 2, 1, 'Secret', '2014-01-02'),
       (3, 1, NULL, NULL, 'c', NULL), (4, 1, 1, 7, 'd', '2014-01-04'),
       (5, 1, 1, 0, ' <br>', '2014-01-05'), (6, 2, 1, 0, 'e', '2014-01-06'),
       (7, 3, 1, 0, 'f', '2014-01-07');
--@ expect people
VALUES (1, '{"user": {"login": "ann@x.example", "mail": "ann@x.example", "firstname": "Ann",
             "lastname": "Arbor", "generate_password": true}}');
--@ expect tickets
VALUES (1, '{"issue": {"project_id": {"$new": ["projects", "hr"]},
             "tracker_id": {"$new": ["trackers", "Support"]},
             "priority_id": {"$new": ["priorities", "Normal"]}, "assigned_to_id": null,
             "subject": "x", "description": "[ticket 1, opened at no known time]",
             "start_date": null,
             "custom_fields": [{"id": {"$new": ["fields", "Legacy id"]}, "value": "1"}]}}');
--@ expect comments
VALUES (1, '{"issue": {"private_notes": false, "notes": "[comment 1, Ann Arbor, 2014-01-01]\na\n\n**b**"}}'),
       (2, '{"issue": {"private_notes": true, "notes": "[comment 2, Cy, 2014-01-02]\nSecret"}}'),
       (3, '{"issue": {"private_notes": true, "notes": "[comment 3, somebody, at no known time]\nc"}}'),
       (4, '{"issue": {"private_notes": true, "notes": "[comment 4, Ann Arbor, 2014-01-04]\nd"}}');
--@ outcomes old_comments
VALUES (1, 'used', 1), (2, 'used', 2), (3, 'used', 3), (4, 'used', 4), (5, 'skipped', 'empty'),
       (6, 'rejected', 'its ticket 2 is not migrated'), (7, 'rejected', 'there is no ticket 3');
