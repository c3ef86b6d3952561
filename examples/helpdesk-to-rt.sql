--@ migration helpdesk-to-rt
--@ target  Request Tracker 5 through its REST 2 API, with a token of a user who has SuperUser
--@ auth    token
--@ option  zone Europe/Zurich: in which the old help desk wrote its times
--@ probe   GET /REST/2.0/rt
--@ ready   :status = 200 AND json_type(:answer, '$.Plugins') = 'array'

-- A help desk: its people, tickets and comments. docs/migrations/helpdesk-to-rt.md explains the
-- decisions, and what RT needs before. RT answers 201 also if it leaves something out: a field, an
-- owner, a requestor. So everything is read back. If a token may not see a record, RT
-- answers that there is none. Only SuperUser sees all, and only SuperUser is shown the plugins.

-- What RT has already, by name ------------------------------------------------------------------

-- A queue counts only if its tickets have the field: on another, RT would drop the old number.

--@ existing queue_network
--@ get GET /REST/2.0/queue/Network
SELECT 'with ' || (value ->> '$.name') AS key, :answer ->> '$.id' AS id
FROM json_each(:answer, '$.TicketCustomFields');

--@ existing queue_printing
--@ get GET /REST/2.0/queue/Printing
SELECT 'with ' || (value ->> '$.name') AS key, :answer ->> '$.id' AS id
FROM json_each(:answer, '$.TicketCustomFields');

--@ existing queue_personnel
--@ get GET /REST/2.0/queue/Personnel
SELECT 'with ' || (value ->> '$.name') AS key, :answer ->> '$.id' AS id
FROM json_each(:answer, '$.TicketCustomFields');

-- [{"field":"Name","value":"Legacy id"}]. A field of tickets. If its values had to be unique, RT
-- would make a second ticket without the value, and nothing could find it.
--@ existing fields
--@ get GET /REST/2.0/customfields?query=%5B%7B%22field%22:%22Name%22,%22value%22:%22Legacy%20id%22%7D%5D&fields=id,Name,LookupType,UniqueValues
SELECT value ->> '$.Name' AS key, value ->> '$.id' AS id FROM json_each(:answer, '$.items')
WHERE value ->> '$.LookupType' = 'RT::Queue-RT::Ticket'
  AND CAST(value ->> '$.UniqueValues' AS INTEGER) = 0;

--@ existing owners
--@ get GET /REST/2.0/user/Nobody
SELECT 'nobody' AS key, :answer ->> '$.id' AS id;

-- Decisions, for the reviewer -------------------------------------------------------------------

--@ lookup team
SELECT column1 AS old, column2 AS queue
FROM (VALUES ('net', 'queue_network'), ('printers', 'queue_printing'), ('hr', 'queue_personnel'));

--@ lookup state
SELECT column1 AS old, column2 AS status
FROM (VALUES ('open', 'open'), ('waiting', 'stalled'), ('closed', 'resolved'));

-- RT's own names for priorities are Low: 0, Medium: 50, High: 100.
--@ lookup urgency
SELECT column1 AS old, column2 AS priority
FROM (VALUES (0, 0), (1, 25), (2, 50), (3, 75), (4, 100));

-- People ----------------------------------------------------------------------------------------

--@ table old_people key id
SELECT id, login, mail, name, agent, left_on FROM person;

--@ view person_address
SELECT id, lower(find(mail, '[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+')) AS address
FROM old_people;

--@ classify old_people as people
SELECT p.id AS row,
       first_value(p.id) OVER (PARTITION BY coalesce(a.address, p.id) ORDER BY p.id) AS document,
       iif(a.address IS NULL, 'no address in "' || coalesce(p.mail, '') || '"', NULL) AS reject,
       a.address, coalesce(nullif(squeeze(p.name), ''), p.login, a.address) AS name,
       coalesce(p.agent = 1, 0) AS is_agent,
       coalesce(nullif(trim(p.left_on), '') <= :as_of, 0) AS has_left,
       a.address <> p.mail AS "fix address-cleaned",
       coalesce(squeeze(p.name), '') = '' AS "fix name-filled"
FROM old_people p JOIN person_address a ON a.id = p.id;

-- One for each address.
--@ view person
SELECT first.row AS id, first.address, first.name, twins.is_agent, twins.has_left, twins.rows
FROM people first
JOIN (SELECT document, count(*) AS rows, max(is_agent) AS is_agent, min(has_left) AS has_left
      FROM people GROUP BY document) twins ON twins.document = first.row;

-- The id of a user is the number: a name can contain what a path cannot. RT ignores a condition
-- that it does not know and shows all users, so `match` compares the address. There is no `delete`:
-- RT would only disable the user.

--@ kind people from people
--@ noun     user
--@ create   POST /REST/2.0/user
--@ success  :status = 201 AND :answer ->> '$.type' = 'user' AND :answer ->> '$.id' = :address
--@ +        AND :location REGEXP '/user/[0-9]+$'
--@ id       CAST(find(:location, '[0-9]+$') AS INTEGER)
--@ conflict :status = 400  -- the sentence with it is in the language of the token's owner
--@ find     GET /REST/2.0/users?query={by_address}&fields=id,EmailAddress&find_disabled_rows=1
--@ match    SELECT value ->> '$.id' FROM json_each(:answer, '$.items')
--@ +        WHERE lower(value ->> '$.EmailAddress') = :address
--@ read     GET /REST/2.0/user/{id}
--@ actual   json_object('Name', :answer ->> '$.Name', 'RealName', :answer ->> '$.RealName',
--@ +          'EmailAddress', :answer ->> '$.EmailAddress',
--@ +          'Privileged', CAST(:answer ->> '$.Privileged' AS INTEGER))
--@ update   PUT /REST/2.0/user/{id} RealName Privileged
SELECT id AS key, rows, address,
       json_array(json_object('field', 'EmailAddress', 'value', address)) AS by_address,
       json_object('Name', address, 'EmailAddress', address, 'RealName', substr(name, 1, 120),
                   'Privileged', is_agent) AS body
FROM person;

-- Tickets ---------------------------------------------------------------------------------------

--@ table old_tickets key id
SELECT id, person_id, agent_id, team, title, state, prio, html, opened, closed, spam FROM ticket;

--@ classify old_tickets as tickets
SELECT t.id AS row,
       iif(t.spam = 1, 'spam', NULL) AS skip,
       CASE WHEN q.queue IS NULL THEN 'unknown team "' || coalesce(t.team, '') || '"'
            WHEN s.status IS NULL THEN 'unknown state "' || coalesce(t.state, '') || '"'
            WHEN u.priority IS NULL THEN 'unknown urgency ' || t.prio
            WHEN p.id IS NULL THEN 'its person ' || coalesce(t.person_id, '') || ' is not migrated'
       END AS reject,
       q.queue, s.status, u.priority, p.id AS person, a.id AS agent,
       coalesce(nullif(squeeze(t.title), ''), '(no title)') AS title,
       coalesce(replace(html_to_text(t.html), char(13), ''), '') AS text, t.opened, t.closed,
       replace(to_utc(t.opened, :zone), 'T', ' ') AS started,
       iif(s.status = 'resolved', replace(to_utc(t.closed, :zone), 'T', ' '), NULL) AS resolved,
       coalesce(squeeze(t.title), '') = '' AS "fix title-filled",
       length(CAST(squeeze(t.title) AS BLOB)) > 200 AS "fix title-cut",
       t.prio IS NULL AS "fix urgency-filled",
       t.agent_id IS NOT NULL AND a.id IS NULL AS "fix owner-not-an-agent"
FROM old_tickets t
LEFT JOIN team q ON q.old = lower(trim(t.team))
LEFT JOIN state s ON s.old = lower(trim(t.state))
LEFT JOIN urgency u ON u.old = coalesce(t.prio, 1)
LEFT JOIN people pr ON pr.row = t.person_id
LEFT JOIN person p ON p.id = pr.document
LEFT JOIN people ar ON ar.row = t.agent_id
LEFT JOIN person a ON a.id = ar.document AND a.is_agent;

-- RT cuts a subject to 200 bytes, if need be within a character. The character that has the 201st
-- byte, or a part of it, is left out.
--@ view subject
SELECT row, length(CAST(title AS BLOB)) > 200 AS is_cut,
       CAST(substr(CAST(title AS BLOB), 1, 201) AS TEXT) AS first_bytes
FROM tickets;

-- A ticket is made open, whatever its state: RT's own life cycle makes no ticket stalled, and a
-- public comment opens a resolved ticket again. RT stores the old number in one step with the
-- ticket, which is found by it. No answer repeats it, so `id from match` looks up a new ticket.

--@ kind tickets from tickets
--@ noun    ticket
--@ create  POST /REST/2.0/ticket
--@ success :status = 201 AND :answer ->> '$.type' = 'ticket'
--@ id      from match
--@ find    GET /REST/2.0/tickets?query=CF.{field}='{key}'&fields=CustomFields&per_page=100
--@ match   SELECT t.value ->> '$.id'
--@ +       FROM json_each(:answer, '$.items') t, json_each(t.value, '$.CustomFields') f
--@ +       WHERE CAST(f.value ->> '$.id' AS INTEGER) = :field AND f.value ->> '$.values[0]' = :key
--@ read    GET /REST/2.0/tickets?query=id={id}&fields=Queue,Subject,Priority,Requestor,Owner,Started,CustomFields&fields%5BQueue%5D=id&fields%5BRequestor%5D=id&fields%5BOwner%5D=id
--@ read    GET /REST/2.0/ticket/{id}/attachments?fields=Content,ContentType&per_page=1
--@ actual  (SELECT json_object('Queue', t ->> '$.Queue.id', 'Subject', t ->> '$.Subject',
--@ +         'Priority', CAST(t ->> '$.Priority' AS INTEGER), 'Owner', t ->> '$.Owner.id',
--@ +         'Requestor', (SELECT json_group_array(value -> '$.id')
--@ +                       FROM json_each(t, '$.Requestor')),
--@ +         'Started', replace(rtrim(t ->> '$.Started', 'Z'), 'T', ' '),
--@ +         'CustomFields', (SELECT json_group_object(value ->> '$.name', value ->> '$.values[0]')
--@ +                          FROM json_each(t, '$.CustomFields')),
--@ +         'Content', c ->> '$.Content', 'ContentType', c ->> '$.ContentType')
--@ +       FROM (SELECT :answer -> '$.items[0]' AS t, :answer2 -> '$.items[0]' AS c))
--@ ignore  Status
--@ list    GET /REST/2.0/tickets?query=CF.%7BLegacy%20id%7D%20IS%20NOT%20NULL&per_page=100&page={page}
--@ each    SELECT value ->> '$.id' FROM json_each(:answer, '$.items')
--@ update  PUT /REST/2.0/ticket/{id} Subject Priority Owner
--@ delete  DELETE /REST/2.0/ticket/{id}
SELECT t.row AS key, new_id('fields', 'Legacy id') AS field,
       json_patch(
         json_object('Queue', json(new_id(t.queue, 'with Legacy id')),
           'Subject', iif(s.is_cut, rtrim(substr(s.first_bytes, 1, length(s.first_bytes) - 1)),
                          t.title),
           'Status', 'open', 'Priority', t.priority,
           'Requestor', json_array(json(new_id('people', t.person))),
           'Owner', json(coalesce(new_id('people', t.agent), new_id('owners', 'nobody'))),
           'ContentType', 'text/plain',
           'Content', '[ticket ' || t.row ||
                      ', opened ' || coalesce(t.opened, 'at no known time') ||
                      iif(t.resolved IS NULL, coalesce(', closed ' || t.closed, ''), '') || ']' ||
                      iif(s.is_cut, char(10) || t.title, '') ||
                      iif(t.text <> '', char(10) || t.text, ''),
           'CustomFields', json_object('Legacy id', CAST(t.row AS TEXT))),
         json_object('Started', t.started)) AS body  -- left out if there is no such time
FROM tickets t JOIN subject s ON s.row = t.row ORDER BY t.row;

-- Comments --------------------------------------------------------------------------------------
-- What the public may read is "correspondence" in RT. Only 0 means public.

--@ table old_comments key id
SELECT id, ticket_id, person_id, internal, html, written FROM comment;

--@ classify old_comments as comments
SELECT c.id AS row,
       CASE WHEN t.spam = 1 THEN 'spam'
            WHEN coalesce(html_to_text(c.html), '') = '' THEN 'empty' END AS skip,
       CASE WHEN t.id IS NULL THEN 'there is no ticket ' || coalesce(c.ticket_id, '')
            WHEN i.row IS NULL THEN 'its ticket ' || c.ticket_id || ' is not migrated'
       END AS reject,
       i.row AS ticket, coalesce(c.internal <> 0, 1) AS is_private,
       coalesce(p.name, nullif(squeeze(o.name), ''), 'somebody') AS writer,
       coalesce(c.written, 'at no known time') AS written,
       replace(html_to_text(c.html), char(13), '') AS text,
       coalesce(c.internal NOT IN (0, 1), 1) AS "fix privacy-assumed"
FROM old_comments c
LEFT JOIN old_tickets t ON t.id = c.ticket_id
LEFT JOIN tickets i ON i.row = c.ticket_id
LEFT JOIN old_people o ON o.id = c.person_id
LEFT JOIN people pr ON pr.row = c.person_id
LEFT JOIN person p ON p.id = pr.document;

-- A comment is found by its ticket and its subject, which RT stores in one step with the text. A
-- custom field of a comment is stored afterwards: if RT is killed in between, the comment is there,
-- and no look-up finds it. `Data` of a comment is its subject and a line feed.

--@ kind comments from comments
--@ noun    comment
--@ create  POST /REST/2.0/ticket/{ticket}/{verb}
--@ success :status = 201 AND :location LIKE '%/transaction/%'
--@ id      from match
--@ find    GET /REST/2.0/transactions?query=ObjectType='RT::Ticket'%20AND%20ObjectId={ticket}%20AND%20Subject='{subject}'&fields=Data&per_page=100
--@ match   SELECT value ->> '$.id' FROM json_each(:answer, '$.items')
--@ +       WHERE rtrim(value ->> '$.Data', char(10)) = :subject
--@ read    GET /REST/2.0/transaction/{id}
--@ read    GET /REST/2.0/transaction/{id}/attachments?fields=Subject,Content,ContentType
--@ actual  (SELECT json_object('Type', :answer ->> '$.Type', 'Subject', a ->> '$.Subject',
--@ +         'Content', a ->> '$.Content', 'ContentType', a ->> '$.ContentType')
--@ +       FROM (SELECT :answer2 -> '$.items[0]' AS a))
--@ list    GET /REST/2.0/transactions?query=Subject%20LIKE%20'Legacy%20comment%20'&per_page=100&page={page}
--@ each    SELECT value ->> '$.id' FROM json_each(:answer, '$.items')
SELECT row AS key, new_id('tickets', ticket) AS ticket,
       printf('ticket %09d', ticket) AS ordering_key,
       iif(is_private, 'comment', 'correspond') AS verb, 'Legacy comment ' || row AS subject,
       json_object('Type', iif(is_private, 'Comment', 'Correspond')) AS expect,
       json_object('Subject', 'Legacy comment ' || row, 'ContentType', 'text/plain',
                   'Content', '[' || writer || ', ' || written || ']' || char(10) || text) AS body
FROM comments ORDER BY ticket, written, row;

-- The state, when all comments are there. RT answers 200 also if it refuses a change. `after` is
-- only waited for.

--@ kind states also tickets, comments
--@ noun    state
--@ create  PUT /REST/2.0/ticket/{ticket}
--@ success :status = 200
--@ id      from match
--@ find    GET /REST/2.0/ticket/{ticket}
--@ match   SELECT :answer ->> '$.id' WHERE :answer ->> '$.Status' = :body ->> '$.Status'
--@ actual  json_object('Status', :answer -> '$.Status')
--@ ignore  after
--@ update  PUT /REST/2.0/ticket/{ticket}
SELECT t.row AS key, new_id('tickets', t.row) AS ticket,
       json_object('after', (SELECT json_group_array(json(new_id('comments', c.row)))
                             FROM comments c WHERE c.ticket = t.row)) AS expect,
       json_object('Status', t.status) AS body
FROM tickets t WHERE t.status <> 'open' ORDER BY t.row;

-- With the state RT sets the time of the solution to the current time, so the true one comes later.

--@ kind solutions also tickets
--@ noun    time of a solution
--@ create  PUT /REST/2.0/ticket/{ticket}
--@ success :status = 200
--@ id      from match
--@ find    GET /REST/2.0/ticket/{ticket}
--@ match   SELECT :answer ->> '$.id'
--@ +       WHERE replace(rtrim(:answer ->> '$.Resolved', 'Z'), 'T', ' ') = :body ->> '$.Resolved'
--@ actual  json_object('Resolved', replace(rtrim(:answer ->> '$.Resolved', 'Z'), 'T', ' '))
--@ ignore  after
--@ update  PUT /REST/2.0/ticket/{ticket}
SELECT row AS key, new_id('tickets', row) AS ticket,
       json_object('after', json(new_id('states', row))) AS expect,
       json_object('Resolved', resolved) AS body
FROM tickets WHERE resolved IS NOT NULL ORDER BY row;

-- A person who has left is disabled when the tickets are there: RT makes a ticket of a disabled
-- owner without an owner.

--@ kind departures also people, tickets
--@ noun    disabled user
--@ create  PUT /REST/2.0/user/{user}
--@ success :status = 200
--@ id      from match
--@ find    GET /REST/2.0/user/{user}
--@ match   SELECT :answer ->> '$.id' WHERE CAST(:answer ->> '$.Disabled' AS INTEGER) = 1
--@ actual  json_object('Disabled', CAST(:answer ->> '$.Disabled' AS INTEGER))
--@ ignore  after
SELECT p.id AS key, new_id('people', p.id) AS user,
       json_object('after', (SELECT json_group_array(json(new_id('tickets', t.row))) FROM tickets t
                             WHERE t.agent = p.id)) AS expect,
       json_object('Disabled', 1) AS body
FROM person p WHERE p.has_left;

-- Tests: rowpost test FILE ----------------------------------------------------------------------

--@ test twins are one user, and an agent is privileged
--@ given old_people id, login, mail, name, agent, left_on
VALUES (1, 'ann', 'Ann@x.example', ' Ann  van Arbor ', 0, '2014-01-01'),
       (2, 'ann2', '<ann@x.example>', 'Ann', 1, NULL), (3, 'bob', 'a+b@x.example', '', 0, ''),
       (4, 'cy', 'cy at x', 'Cy', 0, NULL), (5, NULL, 'dora@x.example', NULL, NULL, '2014-01-01'),
       (6, 'eve', 'e@x.example', 'Eve', 0, '9999-01-01');
--@ expect people
VALUES (1, '{"Name": "ann@x.example", "EmailAddress": "ann@x.example", "RealName": "Ann van Arbor",
             "Privileged": 1}'),
       (3, '{"Name": "a+b@x.example", "EmailAddress": "a+b@x.example", "RealName": "bob",
             "Privileged": 0}'),
       (5, '{"Name": "dora@x.example", "EmailAddress": "dora@x.example",
             "RealName": "dora@x.example", "Privileged": 0}'),
       (6, '{"Name": "e@x.example", "EmailAddress": "e@x.example", "RealName": "Eve",
             "Privileged": 0}');
--@ expect departures
VALUES (5, '{"Disabled": 1}');
--@ outcomes old_people
VALUES (1, 'used', 1), (2, 'used', 1), (3, 'used', 3), (4, 'rejected', 'no address in "cy at x"'),
       (5, 'used', 5), (6, 'used', 6);

--@ test a ticket is made open, and gets its state and the time of its solution later
--@ given old_people id, login, mail, name, agent, left_on
VALUES (1, 'ann', 'ann@x.example', 'Ann Arbor', 1, '2014-12-31'),
       (2, 'bob', 'bob@x.example', 'Bob B', 0, NULL), (3, 'cy', 'nowhere', 'Cy', 0, NULL);
--@ given old_tickets id, person_id, agent_id, team, title, state, prio, html, opened, closed, spam
VALUES (1, 2, 1, ' NET', ' It  broke', 'Closed ', 4, '<p>It <b>broke</b></p>',
        '2014-02-28 09:00:00', '2014-07-01 10:00:00', 0),
       (2, 1, 2, 'hr', '', 'waiting', NULL, NULL, '2014-02-30 09:00:00', NULL, NULL),
       (3, 2, NULL, 'hr', 'x', 'open', 1, '', NULL, NULL, 1),
       (4, 2, NULL, 'it', 'x', 'open', 1, '', NULL, NULL, 0),
       (5, 2, NULL, 'hr', 'x', 'lost', 1, '', NULL, NULL, 0),
       (6, 2, NULL, 'hr', 'x', 'open', 7, '', NULL, NULL, 0),
       (7, 3, NULL, 'hr', 'x', 'open', 1, '', NULL, NULL, 0);
--@ expect people
VALUES (1, '{"Name": "ann@x.example", "EmailAddress": "ann@x.example", "RealName": "Ann Arbor",
             "Privileged": 1}'),
       (2, '{"Name": "bob@x.example", "EmailAddress": "bob@x.example", "RealName": "Bob B",
             "Privileged": 0}');
--@ expect tickets
VALUES (1, '{"Queue": {"$new": ["queue_network", "with Legacy id"]},
             "Subject": "It broke", "Status": "open",
             "Priority": 100, "Requestor": [{"$new": ["people", "2"]}],
             "Owner": {"$new": ["people", "1"]}, "ContentType": "text/plain",
             "Content": "[ticket 1, opened 2014-02-28 09:00:00]\nIt broke",
             "CustomFields": {"Legacy id": "1"}, "Started": "2014-02-28 08:00:00"}'),
       (2, '{"Queue": {"$new": ["queue_personnel", "with Legacy id"]},
             "Subject": "(no title)", "Status": "open",
             "Priority": 25, "Requestor": [{"$new": ["people", "1"]}],
             "Owner": {"$new": ["owners", "nobody"]}, "ContentType": "text/plain",
             "Content": "[ticket 2, opened 2014-02-30 09:00:00]",
             "CustomFields": {"Legacy id": "2"}}');
--@ expect states
VALUES (1, '{"Status": "resolved"}'), (2, '{"Status": "stalled"}');
--@ expect solutions
VALUES (1, '{"Resolved": "2014-07-01 08:00:00"}');
--@ expect departures
VALUES (1, '{"Disabled": 1}');
--@ outcomes old_tickets
VALUES (1, 'used', 1), (2, 'used', 2), (3, 'skipped', 'spam'),
       (4, 'rejected', 'unknown team "it"'), (5, 'rejected', 'unknown state "lost"'),
       (6, 'rejected', 'unknown urgency 7'), (7, 'rejected', 'its person 3 is not migrated');

--@ test a subject has at most 200 bytes, and ends with a whole character
--@ given old_people id, mail, name
VALUES (1, 'ann@x.example', 'Ann');
--@ given old_tickets id, person_id, team, title, state
VALUES (1, 1, 'hr', 'x' || printf('%.100c', 'Ä'), 'open');
--@ expect people
VALUES (1, '{"Name": "ann@x.example", "EmailAddress": "ann@x.example", "RealName": "Ann",
             "Privileged": 0}');
--@ expect tickets
VALUES (1, '{"Queue": {"$new": ["queue_personnel", "with Legacy id"]},
             "Status": "open", "Priority": 25,
             "Subject": "x' || printf('%.99c', 'Ä') || '",
             "Requestor": [{"$new": ["people", "1"]}], "Owner": {"$new": ["owners", "nobody"]},
             "ContentType": "text/plain", "CustomFields": {"Legacy id": "1"},
             "Content": "[ticket 1, opened at no known time]\nx' || printf('%.100c', 'Ä') || '"}');

--@ test a comment is public only if it was marked so
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
VALUES (1, '{"Name": "ann@x.example", "EmailAddress": "ann@x.example", "RealName": "Ann Arbor",
             "Privileged": 1}');
--@ expect tickets
VALUES (1, '{"Queue": {"$new": ["queue_personnel", "with Legacy id"]},
             "Subject": "x", "Status": "open",
             "Priority": 25, "Requestor": [{"$new": ["people", "1"]}],
             "Owner": {"$new": ["owners", "nobody"]}, "ContentType": "text/plain",
             "Content": "[ticket 1, opened at no known time]",
             "CustomFields": {"Legacy id": "1"}}');
--@ expect comments
VALUES (1, '{"Subject": "Legacy comment 1", "ContentType": "text/plain",
             "Content": "[Ann Arbor, 2014-01-01]\na\n\nb"}'),
       (2, '{"Subject": "Legacy comment 2", "ContentType": "text/plain",
             "Content": "[Cy, 2014-01-02]\nSecret"}'),
       (3, '{"Subject": "Legacy comment 3", "ContentType": "text/plain",
             "Content": "[somebody, at no known time]\nc"}'),
       (4, '{"Subject": "Legacy comment 4", "ContentType": "text/plain",
             "Content": "[Ann Arbor, 2014-01-04]\nd"}');
--@ outcomes old_comments
VALUES (1, 'used', 1), (2, 'used', 2), (3, 'used', 3), (4, 'used', 4), (5, 'skipped', 'empty'),
       (6, 'rejected', 'its ticket 2 is not migrated'), (7, 'rejected', 'there is no ticket 3');
