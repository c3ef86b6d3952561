--@ migration bench

--@ lookup level
VALUES ('editor', 'editor'), ('writer', 'author'), ('reader', 'subscriber');
--@ lookup town
VALUES ('Bern', 1), ('Genf', 2), ('Basel', 3);
--@ lookup lang
VALUES ('de', 'de_CH'), ('fr', 'fr_CH'), ('it', 'it_CH');
--@ lookup state
VALUES ('open', 'new'), ('closed', 'done'), ('waiting', 'pending');
--@ lookup team
VALUES ('net', 'Network'), ('hr', 'Personnel'), ('print', 'Printing');

--@ table old_people key id
SELECT id, mail, level, town, lang FROM person;
--@ classify old_people as people
SELECT p.id AS row, iif(p.mail IS NULL, 'no address', NULL) AS reject, lower(p.mail) AS mail,
       l.column2 AS level, t.column2 AS town, g.column2 AS lang
FROM old_people p LEFT JOIN level l ON l.column1 = lower(p.level)
LEFT JOIN town t ON t.column1 = p.town LEFT JOIN lang g ON g.column1 = p.lang;
--@ kind people from people
--@ create POST /people
--@ success :status = 201
--@ find GET /people/{key}
--@ match :answer ->> '$.id'
SELECT row AS key, json_object('mail', mail, 'level', level, 'town', town, 'lang', lang) AS body
FROM people;

--@ table old_tickets key id
SELECT id, person, team, state, prio, text FROM ticket;
--@ classify old_tickets as tickets
SELECT t.id AS row, iif(p.row IS NULL, 'its person is not migrated', NULL) AS reject,
       p.row AS person, m.column2 AS team, s.column2 AS state, t.prio, t.text
FROM old_tickets t LEFT JOIN people p ON p.row = t.person
LEFT JOIN team m ON m.column1 = t.team LEFT JOIN state s ON s.column1 = lower(t.state);
--@ kind tickets from tickets
--@ create POST /tickets
--@ success :status = 201
--@ find GET /tickets/{key}
--@ match :answer ->> '$.id'
SELECT row AS key, json_object('person', new_id('people', person), 'team', team, 'state', state,
                               'prio', prio, 'text', text) AS body
FROM tickets;

--@ table old_comments key id
SELECT id, ticket, kind, state, lang, text FROM comment;
--@ classify old_comments as comments
SELECT c.id AS row, iif(c.kind = 'spam', 'spam', NULL) AS skip,
       iif(t.row IS NULL, 'its ticket is not migrated', NULL) AS reject,
       t.row AS ticket, s.column2 AS state, g.column2 AS lang, c.text
FROM old_comments c LEFT JOIN tickets t ON t.row = c.ticket
LEFT JOIN state s ON s.column1 = lower(c.state) LEFT JOIN lang g ON g.column1 = c.lang;
--@ kind comments from comments
--@ create POST /comments
--@ success :status = 201
--@ find GET /comments/{key}
--@ match :answer ->> '$.id'
SELECT row AS key, json_object('ticket', new_id('tickets', ticket), 'state', state, 'lang', lang,
                               'text', text) AS body
FROM comments;
