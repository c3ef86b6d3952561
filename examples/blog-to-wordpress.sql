--@ migration blog-to-wordpress
--@ target  WordPress 6.1 through its REST API, signed in with an application password
--@ auth    basic
--@ option  zone Europe/Zurich: the time zone of the old blog's dates
--@ probe   GET /wp-json/wp/v2/users/me?context=edit
--@ ready   :status = 200 AND :answer ->> '$.capabilities.create_users'
--@ +       AND :answer ->> '$.capabilities.manage_categories'
--@ +       AND :answer ->> '$.capabilities.edit_others_posts'
--@ +       AND :answer ->> '$.capabilities.moderate_comments'
--@ +       AND :answer ->> '$.capabilities.unfiltered_html'

-- A blog: its writers, a tree of categories, articles and threads of comments. The target needs no
-- plugin. A user is found again by the address, a category and a post by the slug, and a comment by
-- its post, address, time and text. docs/migrations/blog-to-wordpress.md explains the decisions.
--
-- A GET that is not signed in is answered by 200 and the public records. Each look-up asks for
-- context=edit, which is refused then, so that a draft is never taken for missing.

-- Decisions, for the reviewer -------------------------------------------------------------------

--@ lookup role
VALUES ('editor', 'editor'), ('writer', 'author'), ('reader', 'subscriber');   -- old, new

--@ lookup state
VALUES ('public', 'publish'), ('draft', 'draft'), ('hidden', 'private');       -- old, new

--@ lookup verdict
VALUES ('ok', 'approved'), ('wait', 'hold');                                   -- old, new

--@ lookup taken_by_wordpress
VALUES ('feed'), ('rdf'), ('rss'), ('rss2'), ('atom'), ('embed');              -- no slug of a post

--@ existing settings
--@ get GET /wp-json/wp/v2/settings
SELECT 'default category' AS key, :answer ->> '$.default_category' AS id;

-- People ----------------------------------------------------------------------------------------

--@ table old_writers key id
SELECT id, login, mail, name, about, level FROM writer;

--@ unused old_writers password_md5, joined: nobody keeps an old password; WordPress sets the day

--@ view writer_address
SELECT id, lower(find(mail, '[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+')) AS address
FROM old_writers;

--@ classify old_writers as people
SELECT w.id AS row,
       first_value(w.id) OVER (PARTITION BY coalesce(a.address, w.id) ORDER BY w.id) AS document,
       CASE WHEN a.address IS NULL THEN 'no address in "' || coalesce(w.mail, '') || '"'
            WHEN r.column2 IS NULL THEN 'unknown level "' || coalesce(w.level, '') || '"'
       END AS reject,
       a.address, r.column2 AS role, unescape(coalesce(w.about, '')) AS about,
       coalesce(nullif(html_to_text(w.name), ''), w.login) AS name,
       coalesce(nullif(substr(ascii_slug(w.login), 1, 50), ''), 'writer-' || w.id) AS login,
       a.address <> w.mail AS "fix address-cleaned",
       ascii_slug(w.login) <> w.login AS "fix login-in-ascii"
FROM old_writers w
JOIN writer_address a ON a.id = w.id
LEFT JOIN role r ON r.column1 = lower(w.level);

--@ view person
SELECT row AS id, address, role, about, name,
       iif(count(*) OVER (PARTITION BY login) > 1, login || '-' || row, login) AS login
FROM people WHERE row = document;

--@ check each person has a login of their own
SELECT login FROM person GROUP BY login HAVING count(*) > 1;

--@ kind people from people
--@ noun      user
--@ create    POST /wp-json/wp/v2/users
--@ success   :status = 201 AND :answer ->> '$.username' = :body ->> '$.username'
--@ +         AND lower(:answer ->> '$.email') = :address
--@ id        :answer ->> '$.id'
--@ conflict  :status = 500
--@ +         AND :answer ->> '$.code' IN ('existing_user_login', 'existing_user_email')
--@ find      GET /wp-json/wp/v2/users?context=edit&per_page=100&search={address}
--@ match     SELECT value ->> '$.id' FROM json_each(:answer)
--@ +         WHERE lower(value ->> '$.email') = :address
--@ read      GET /wp-json/wp/v2/users/{id}?context=edit
--@ actual    json_object('username', :answer ->> '$.username', 'roles', :answer -> '$.roles',
--@ +           'email', lower(:answer ->> '$.email'), 'name', unescape(:answer ->> '$.name'),
--@ +           'description', unescape(:answer ->> '$.description'))
--@ ignore    password
--@ unordered roles
--@ list      GET /wp-json/wp/v2/users?context=edit&per_page=100&page={page}&_fields=id
--@ each      SELECT value ->> '$.id' FROM json_each(:answer)
--@ update    PUT /wp-json/wp/v2/users/{id} name description roles
--@ delete    DELETE /wp-json/wp/v2/users/{id}?force=true&reassign=1
SELECT p.id AS key, p.address,
       (SELECT count(*) FROM people twin WHERE twin.document = p.id) AS rows,
       json_object('username', p.login, 'email', p.address, 'name', p.name,
                   'description', p.about, 'roles', json_array(p.role),
                   'password', json(random_secret())) AS body
FROM person p;

-- Categories, parents first ---------------------------------------------------------------------

--@ table old_categories key id
SELECT id, name, parent FROM category;

--@ view category_path
WITH RECURSIVE tree(id, path, depth) AS (
  SELECT id, lower(html_to_text(name)), 0 FROM old_categories
  WHERE parent IS NULL AND html_to_text(name) <> ''
  UNION ALL
  SELECT c.id, tree.path || '/' || lower(html_to_text(c.name)), tree.depth + 1
  FROM tree JOIN old_categories c ON c.parent = tree.id
  WHERE html_to_text(c.name) <> '' AND tree.depth < 50)
SELECT id, path, depth FROM tree;

--@ classify old_categories as categories
SELECT c.id AS row,
       first_value(c.id) OVER (PARTITION BY coalesce(t.path, c.id) ORDER BY c.id) AS document,
       CASE WHEN coalesce(html_to_text(c.name), '') = '' THEN 'it has no name'
            WHEN t.id IS NULL THEN 'its parent ' || c.parent || ' is not migrated'
            WHEN length(c.name) > 200 THEN 'its name has more than 200 characters'
       END AS reject,
       html_to_text(c.name) AS name, c.parent, t.depth,
       html_to_text(c.name) <> c.name AS "fix name-cleaned"
FROM old_categories c LEFT JOIN category_path t ON t.id = c.id;

--@ view category_slug
SELECT row, iif(count(*) OVER (PARTITION BY base) > 1, base || '-' || row, base) AS slug
FROM (SELECT row, coalesce(nullif(rtrim(substr(ascii_slug(name), 1, 150), '-'), ''),
                           'category-' || row) AS base
      FROM categories WHERE row = document);

--@ check each category has a slug of its own
SELECT slug FROM category_slug GROUP BY slug HAVING count(*) > 1;

--@ kind categories from categories
--@ noun      category
--@ create    POST /wp-json/wp/v2/categories
--@ success   :status = 201 AND :answer ->> '$.slug' = :slug
--@ +         AND :answer ->> '$.parent' = :body ->> '$.parent'
--@ id        :answer ->> '$.id'
--@ conflict  :status = 400 AND :answer ->> '$.code' = 'term_exists'
--@ find      GET /wp-json/wp/v2/categories?context=edit&per_page=100&slug={slug}
--@ match     SELECT value ->> '$.id' FROM json_each(:answer) WHERE value ->> '$.slug' = :slug
--@ read      GET /wp-json/wp/v2/categories/{id}?context=edit
--@ actual    json_object('name', unescape(:answer ->> '$.name'), 'slug', :answer ->> '$.slug',
--@ +           'parent', :answer ->> '$.parent')
--@ list      GET /wp-json/wp/v2/categories?context=edit&per_page=100&page={page}&_fields=id
--@ each      SELECT value ->> '$.id' FROM json_each(:answer)
--@ update    PUT /wp-json/wp/v2/categories/{id}
--@ delete    DELETE /wp-json/wp/v2/categories/{id}?force=true
SELECT c.row AS key, s.slug,
       (SELECT count(*) FROM categories twin WHERE twin.document = c.row) AS rows,
       json_object('name', c.name, 'slug', s.slug,
                   'parent', json(coalesce((SELECT new_id('categories', p.document)
                                            FROM categories p WHERE p.row = c.parent), '0'))) AS body
FROM categories c JOIN category_slug s ON s.row = c.row
ORDER BY c.depth, c.row;

-- Articles with their categories ----------------------------------------------------------------

--@ table old_articles key id
SELECT id, writer, title, html, state, written FROM article;

--@ unused old_articles clicks, edited: WordPress counts no clicks, and sets the time of a change

--@ table old_filings key article, category
SELECT article, category FROM article_category;

--@ view article_time
SELECT id, to_utc(iif(written REGEXP '^[0-9]{2}[.][0-9]{2}[.][0-9]{4} ',
                      substr(written, 7, 4) || '-' || substr(written, 4, 2) || '-' ||
                      substr(written, 1, 2) || substr(written, 11), written), :zone) AS utc
FROM old_articles;

--@ classify old_articles as posts
SELECT a.id AS row,
       iif(trim(coalesce(a.title, '')) = '' AND trim(coalesce(a.html, '')) = '', 'empty', NULL)
         AS skip,
       CASE WHEN s.column2 IS NULL THEN 'unknown state "' || coalesce(a.state, '') || '"'
            WHEN p.row IS NULL THEN 'its writer ' || coalesce(a.writer, '') || ' is not migrated'
            WHEN t.utc IS NULL THEN 'no time in "' || coalesce(a.written, '') || '"'
            WHEN substr(t.utc, 1, 10) > :as_of THEN 'it is of the future: ' || a.written
       END AS reject,
       p.document AS person, s.column2 AS status, t.utc, coalesce(a.html, '') AS content,
       trim(coalesce(a.title, ''), char(9, 10, 11, 13, 32)) AS title,
       lower(a.state) <> a.state AS "fix state-in-lower-case"
FROM old_articles a
JOIN article_time t ON t.id = a.id
LEFT JOIN state s ON s.column1 = lower(a.state)
LEFT JOIN people p ON p.row = a.writer;

--@ classify old_filings as filings
SELECT f.row, f.article AS document,
       iif(a.id IS NOT NULL AND p.row IS NULL, 'article-left-behind', NULL) AS skip,
       CASE WHEN a.id IS NULL THEN 'there is no article ' || coalesce(f.article, '')
            WHEN c.row IS NULL THEN 'its category ' || coalesce(f.category, '') || ' is not migrated'
       END AS reject,
       f.article AS post, c.document AS category
FROM old_filings f
LEFT JOIN old_articles a ON a.id = f.article
LEFT JOIN posts p ON p.row = f.article
LEFT JOIN categories c ON c.row = f.category;

--@ view post_slug
SELECT row, iif(count(*) OVER (PARTITION BY base) > 1, base || '-' || row, base) AS slug
FROM (SELECT row, iif(short GLOB '*[a-z]*' AND short NOT IN (SELECT column1 FROM taken_by_wordpress),
                      short, 'post-' || row) AS base  -- a year would be an archive's address
      FROM (SELECT row, rtrim(substr(ascii_slug(title), 1, 150), '-') AS short FROM posts));

--@ check each post has a slug of its own
SELECT slug FROM post_slug GROUP BY slug HAVING count(*) > 1;

--@ view post_categories
SELECT post, array_in_order(new_id('categories', category), category) AS list
FROM (SELECT DISTINCT post, category FROM filings) GROUP BY post;

--@ kind posts from posts, filings
--@ noun      post
--@ create    POST /wp-json/wp/v2/posts
--@ success   :status = 201 AND :answer ->> '$.slug' = :slug
--@ +         AND :answer ->> '$.status' = :body ->> '$.status'
--@ +         AND json_array_length(:answer, '$.categories')
--@ +           = json_array_length(:body, '$.categories')  -- an unknown one is left out silently
--@ id        :answer ->> '$.id'
--@ find      GET /wp-json/wp/v2/posts?context=edit&status=any&per_page=100&slug={slug}
--@ match     SELECT value ->> '$.id' FROM json_each(:answer) WHERE value ->> '$.slug' = :slug
--@ read      GET /wp-json/wp/v2/posts/{id}?context=edit
--@ actual    json_object('title', :answer ->> '$.title.raw', 'content', :answer ->> '$.content.raw',
--@ +           'status', :answer ->> '$.status', 'slug', :answer ->> '$.slug',
--@ +           'author', :answer ->> '$.author', 'categories', :answer -> '$.categories',
--@ +           'date_gmt', :answer ->> '$.date_gmt',
--@ +           'comment_status', :answer ->> '$.comment_status')
--@ unordered categories
--@ list      GET /wp-json/wp/v2/posts?context=edit&status=any&per_page=100&page={page}&_fields=id
--@ each      SELECT value ->> '$.id' FROM json_each(:answer)
--@ update    PUT /wp-json/wp/v2/posts/{id}
--@ delete    DELETE /wp-json/wp/v2/posts/{id}?force=true
SELECT p.row AS key, s.slug,
       1 + (SELECT count(*) FROM filings f WHERE f.document = p.row) AS rows,
       json_object('title', p.title, 'content', p.content, 'status', p.status, 'slug', s.slug,
                   'author', json(new_id('people', p.person)),
                   'categories', json(coalesce((SELECT c.list FROM post_categories c
                                                WHERE c.post = p.row),
                                               json_array(json(new_id('settings',
                                                                      'default category'))))),
                   'date_gmt', p.utc, 'comment_status', 'open') AS body
FROM posts p JOIN post_slug s ON s.row = p.row
ORDER BY p.row;

-- Comments: an answer needs the new id of the comment before it ---------------------------------

--@ table old_comments key id
SELECT id, article, answers, name, mail, text, written, verdict FROM comment;

--@ unused old_comments ip: personal data that nobody needs

--@ view comment_outcome
SELECT c.id, c.article,
       CASE WHEN lower(c.verdict) = 'spam' THEN 'spam'
            WHEN trim(coalesce(c.text, ''), char(9, 10, 11, 13, 32)) = '' THEN 'empty'
            WHEN a.id IS NOT NULL AND p.row IS NULL THEN 'article-left-behind'
            WHEN p.status = 'draft' THEN 'comment-of-draft'  -- WordPress takes none
       END AS skip,
       CASE WHEN a.id IS NULL THEN 'there is no article ' || coalesce(c.article, '')
            WHEN v.column2 IS NULL THEN 'unknown verdict "' || coalesce(c.verdict, '') || '"'
            WHEN to_utc(c.written, :zone) IS NULL
            THEN 'no time in "' || coalesce(c.written, '') || '"'
       END AS reject,
       to_utc(c.written, :zone) AS utc, v.column2 AS status,
       coalesce(nullif(html_to_text(c.name), ''), 'Anonymous') AS name,
       coalesce(find(lower(trim(c.mail)), '^[a-z0-9_.+-]+@[a-z0-9-]+([.][a-z0-9-]+)+$'),
                'comment-' || c.id || '@blog.invalid') AS address,
       -- The old blog showed plain text: markup of a visitor must not come to life.
       replace(replace(replace(trim(c.text, char(9, 10, 11, 13, 32)),
                               '&', '&amp;'), '<', '&lt;'), '>', '&gt;') AS content
FROM old_comments c
LEFT JOIN old_articles a ON a.id = c.article
LEFT JOIN posts p ON p.row = c.article
LEFT JOIN verdict v ON v.column1 = lower(c.verdict);

--@ classify old_comments as comments
SELECT c.id AS row,
       first_value(c.id) OVER (PARTITION BY c.article, u.id, o.name, o.address, lower(o.content),
                                            o.skip, o.reject
                               ORDER BY c.id) AS document,  -- WordPress refuses the same twice
       o.skip, o.reject, c.article AS post, u.id AS parent, o.utc, o.status, o.name, o.address,
       o.content, p.document AS person,
       c.name IS NULL OR o.name <> c.name AS "fix name-cleaned",
       c.mail IS NULL OR o.address <> lower(c.mail) AS "fix address-made",
       o.content <> c.text AS "fix text-escaped",
       c.answers IS NOT NULL AND u.id IS NULL AS "fix answers-nothing"
FROM old_comments c
JOIN comment_outcome o ON o.id = c.id
LEFT JOIN comment_outcome u ON u.id = c.answers AND u.article = c.article AND u.id < c.id
                           AND u.skip IS NULL AND u.reject IS NULL
LEFT JOIN people p ON p.row = p.document AND p.address = o.address;

-- What a comment answers is no part of its identity: it changes when that comment is deleted.
--@ check no two comments have the same post, address, time and text
SELECT post, address, utc FROM comments WHERE row = document
GROUP BY post, address, utc, content HAVING count(*) > 1;

--@ kind comments from comments
--@ noun      comment
--@ create    POST /wp-json/wp/v2/comments
--@ success   :status = 201 AND :answer ->> '$.date_gmt' = :body ->> '$.date_gmt'
--@ +         AND :answer ->> '$.content.raw' = :body ->> '$.content'
--@ +         AND :answer ->> '$.post' = :body ->> '$.post'
--@ +         AND :answer ->> '$.parent' = :body ->> '$.parent'
--@ +         AND :answer ->> '$.author_email' = :address
--@ id        :answer ->> '$.id'
--@ conflict  :status = 409 AND :answer ->> '$.code' = 'comment_duplicate'
--@ find      GET /wp-json/wp/v2/comments?context=edit&status=all&per_page=100&post={post}&author_email={address}
--@ match     SELECT value ->> '$.id' FROM json_each(:answer)
--@ +         WHERE value ->> '$.date_gmt' = :body ->> '$.date_gmt'
--@ +         AND value ->> '$.content.raw' = :body ->> '$.content'
--@ +         AND value ->> '$.author_email' = :address
--@ read      GET /wp-json/wp/v2/comments/{id}?context=edit
--@ actual    json_object('post', :answer ->> '$.post', 'parent', :answer ->> '$.parent',
--@ +           'author', :answer ->> '$.author', 'author_name', unescape(:answer ->> '$.author_name'),
--@ +           'author_email', :answer ->> '$.author_email', 'status', :answer ->> '$.status',
--@ +           'content', :answer ->> '$.content.raw', 'date_gmt', :answer ->> '$.date_gmt')
--@ list      GET /wp-json/wp/v2/comments?context=edit&status=all&per_page=100&page={page}&_fields=id
--@ each      SELECT value ->> '$.id' FROM json_each(:answer)
--@ update    PUT /wp-json/wp/v2/comments/{id} content status author_name
--@ delete    DELETE /wp-json/wp/v2/comments/{id}?force=true
SELECT c.row AS key, c.address, new_id('posts', c.post) AS post,
       printf('post %09d', c.post) AS ordering_key,
       (SELECT count(*) FROM comments twin WHERE twin.document = c.row) AS rows,
       json_patch(
         json_object('post', json(new_id('posts', c.post)),
                     'parent', json(coalesce((SELECT new_id('comments', u.document)
                                              FROM comments u WHERE u.row = c.parent), '0')),
                     'author_name', c.name, 'author_email', c.address, 'content', c.content,
                     'date_gmt', c.utc, 'status', c.status),
         iif(c.person IS NULL, '{}',  -- "author": 0 is refused
             json_object('author', json(new_id('people', c.person))))) AS body,
       iif(c.person IS NULL, json_object('author', 0), NULL) AS expect
FROM comments c WHERE c.row = c.document
ORDER BY c.post, c.row;

-- Tests: rowpost test FILE ----------------------------------------------------------------------

--@ test twins are one person, and logins are ASCII and different
--@ given old_writers id, login, mail, name, about, level
VALUES (1, 'Ann', 'Ann@x.example', ' Ann  &amp; Co ', 'A &amp; b', 'Editor'),
       (2, 'ann', '<ann@x.example>', 'Ann', NULL, 'writer'),
       (3, 'Björn', 'b@x.example', NULL, NULL, 'writer'), (4, 'bjorn', 'c@x.example', 'B', '', 'reader'),
       (5, 'eve', 'eve at x', 'Eve', NULL, 'reader'), (6, 'gus', 'g@x.example', 'Gus', NULL, 'king');
--@ expect people
VALUES (1, '{"username": "ann", "email": "ann@x.example", "name": "Ann & Co",
             "description": "A & b", "roles": ["editor"], "password": {"$secret": true}}'),
       (3, '{"username": "bjorn-3", "email": "b@x.example", "name": "Björn",
             "description": "", "roles": ["author"], "password": {"$secret": true}}'),
       (4, '{"username": "bjorn-4", "email": "c@x.example", "name": "B",
             "description": "", "roles": ["subscriber"], "password": {"$secret": true}}');
--@ outcomes old_writers
VALUES (1, 'used', 1), (2, 'used', 1), (3, 'used', 3), (4, 'used', 4),
       (5, 'rejected', 'no address in "eve at x"'), (6, 'rejected', 'unknown level "king"');

--@ test equal names at one place of the tree are one category
--@ given old_categories id, name, parent
VALUES (1, 'News', NULL), (2, ' news', NULL), (3, 'Dogs', 2), (4, 'dogs ', 1), (5, 'Dogs', NULL),
       (6, 'Lost', 99), (7, 'Ring', 8), (8, 'Ring', 7), (9, '', NULL), (10, '犬', 3);
--@ expect categories
VALUES (1, '{"name": "News", "slug": "news", "parent": 0}'),
       (3, '{"name": "Dogs", "slug": "dogs-3", "parent": {"$new": ["categories", "1"]}}'),
       (5, '{"name": "Dogs", "slug": "dogs-5", "parent": 0}'),
       (10, '{"name": "犬", "slug": "category-10", "parent": {"$new": ["categories", "3"]}}');
--@ outcomes old_categories
VALUES (1, 'used', 1), (2, 'used', 1), (3, 'used', 3), (4, 'used', 3), (5, 'used', 5),
       (6, 'rejected', 'its parent 99 is not migrated'),
       (7, 'rejected', 'its parent 8 is not migrated'),
       (8, 'rejected', 'its parent 7 is not migrated'),
       (9, 'rejected', 'it has no name'), (10, 'used', 10);

--@ test an article keeps its text and gets a slug, a time of UTC and its categories
--@ given old_writers id, login, mail, name, level
VALUES (1, 'ann', 'ann@x.example', 'Ann', 'editor'), (2, 'eve', 'nowhere', 'Eve', 'writer');
--@ given old_categories id, name, parent
VALUES (1, 'News', NULL), (2, 'news', NULL), (3, 'Dogs', 1);
--@ given old_articles id, writer, title, html, state, written
VALUES (1, 1, ' 2012 ', '<p>x</p> ', 'Public', '20.06.2012 23:11'),
       (2, 1, '', 'x', 'draft', '2012-12-20 23:11:40'), (3, 2, 'x', 'x', 'public', '2012-01-01'),
       (4, 1, 'x', 'x', 'public', '31.02.2012 10:00'), (5, 1, ' ', NULL, 'public', '2012-01-01');
--@ given old_filings article, category
VALUES (1, 3), (1, 2), (1, 1), (1, 3), (3, 1), (9, 1);
--@ expect people
VALUES (1, '{"username": "ann", "email": "ann@x.example", "name": "Ann", "description": "",
             "roles": ["editor"], "password": {"$secret": true}}');
--@ expect categories
VALUES (1, '{"name": "News", "slug": "news", "parent": 0}'),
       (3, '{"name": "Dogs", "slug": "dogs", "parent": {"$new": ["categories", "1"]}}');
--@ expect posts
VALUES (1, '{"title": "2012", "content": "<p>x</p> ", "status": "publish", "slug": "post-1",
             "author": {"$new": ["people", "1"]},
             "categories": [{"$new": ["categories", "1"]}, {"$new": ["categories", "3"]}],
             "date_gmt": "2012-06-20T21:11:00", "comment_status": "open"}'),
       (2, '{"title": "", "content": "x", "status": "draft", "slug": "post-2",
             "author": {"$new": ["people", "1"]},
             "categories": [{"$new": ["settings", "default category"]}],
             "date_gmt": "2012-12-20T22:11:40", "comment_status": "open"}');
--@ outcomes old_articles
VALUES (1, 'used', 1), (2, 'used', 2), (3, 'rejected', 'its writer 2 is not migrated'),
       (4, 'rejected', 'no time in "31.02.2012 10:00"'), (5, 'skipped', 'empty');

--@ test a comment is plain text and answers the comment that it answered
--@ given old_writers id, login, mail, name, level
VALUES (1, 'ann', 'ann@x.example', 'Ann', 'editor');
--@ given old_articles id, writer, title, html, state, written
VALUES (1, 1, 'One', 'x', 'public', '2012-01-01'), (2, 1, 'Two', 'x', 'draft', '2012-01-01');
--@ given old_comments id, article, answers, name, mail, text, written, verdict
VALUES (1, 1, NULL, 'Bob', 'BOB@x.example', ' <b>A</b> & b ', '2013-06-01 10:00:00', 'ok'),
       (2, 1, NULL, 'Bob', 'bob@x.example', '<B>a</B> & b', '2013-06-02 10:00:00', 'ok'),
       (3, 1, 2, '', 'none', 'To the twin', '2013-06-03 10:00:00', 'wait'),
       (4, 1, 5, 'Ann', 'ann@x.example', 'To spam', '2013-06-04 10:00:00', 'ok'),
       (5, 1, NULL, 'Bob', 'bob@x.example', 'Buy', '2013-06-05 10:00:00', 'spam'),
       (6, 2, NULL, 'Bob', 'bob@x.example', 'x', '2013-06-06 10:00:00', 'ok'),
       (7, 9, NULL, 'Bob', 'bob@x.example', 'x', '2013-06-07 10:00:00', 'ok');
--@ expect people
VALUES (1, '{"username": "ann", "email": "ann@x.example", "name": "Ann", "description": "",
             "roles": ["editor"], "password": {"$secret": true}}');
--@ expect posts
VALUES (1, '{"title": "One", "content": "x", "status": "publish", "slug": "one",
             "author": {"$new": ["people", "1"]},
             "categories": [{"$new": ["settings", "default category"]}],
             "date_gmt": "2011-12-31T23:00:00", "comment_status": "open"}'),
       (2, '{"title": "Two", "content": "x", "status": "draft", "slug": "two",
             "author": {"$new": ["people", "1"]},
             "categories": [{"$new": ["settings", "default category"]}],
             "date_gmt": "2011-12-31T23:00:00", "comment_status": "open"}');
--@ expect comments
VALUES (1, '{"post": {"$new": ["posts", "1"]}, "parent": 0, "author_name": "Bob",
             "author_email": "bob@x.example", "content": "&lt;b&gt;A&lt;/b&gt; &amp; b",
             "date_gmt": "2013-06-01T08:00:00", "status": "approved"}'),
       (3, '{"post": {"$new": ["posts", "1"]}, "parent": {"$new": ["comments", "1"]},
             "author_name": "Anonymous", "author_email": "comment-3@blog.invalid",
             "content": "To the twin", "date_gmt": "2013-06-03T08:00:00", "status": "hold"}'),
       (4, '{"post": {"$new": ["posts", "1"]}, "parent": 0, "author_name": "Ann",
             "author_email": "ann@x.example", "content": "To spam",
             "date_gmt": "2013-06-04T08:00:00", "status": "approved",
             "author": {"$new": ["people", "1"]}}');
--@ outcomes old_comments
VALUES (1, 'used', 1), (2, 'used', 1), (3, 'used', 3), (4, 'used', 4), (5, 'skipped', 'spam'),
       (6, 'skipped', 'comment-of-draft'), (7, 'rejected', 'there is no article 9');
