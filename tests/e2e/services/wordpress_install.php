<?php
// Installs a WordPress without its sample content, and prints `user:application-password` of its
// administrator in the last line. Arguments: the site's folder, its URL, its title.
[, $site, $url, $title] = $argv;
$host = substr($url, strlen('http://'));
$_SERVER += ['HTTP_HOST' => $host, 'SERVER_NAME' => $host, 'REQUEST_URI' => '/',
             'REQUEST_METHOD' => 'GET', 'SERVER_PROTOCOL' => 'HTTP/1.1'];
define('WP_INSTALLING', true);
define('WP_SITEURL', $url);
require "$site/wp-load.php";
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

$user = wp_install($title, 'admin', 'admin@example.net', true, '', bin2hex(random_bytes(12)))['user_id'];
foreach (['siteurl' => $url, 'home' => $url, 'comment_moderation' => 0, 'comments_notify' => 0,
          'comment_previously_approved' => 0, 'moderation_notify' => 0,
          'timezone_string' => 'Europe/Zurich'] as $name => $value) {
    update_option($name, $value);
}
$GLOBALS['wp_rewrite']->set_permalink_structure('/%postname%/');
update_option('rewrite_rules', '');
foreach (get_posts(['post_type' => 'any', 'post_status' => 'any', 'numberposts' => -1]) as $post) {
    wp_delete_post($post->ID, true);
}
[$password] = WP_Application_Passwords::create_new_application_password($user, ['name' => 'rowpost']);
echo "\nadmin:$password\n";
