<?php
// No mail leaves a test's site, and comments may come as fast as they like.
if (!function_exists('wp_mail')) {
    function wp_mail() { return true; }
}
add_filter('comment_flood_filter', '__return_false', 99);
