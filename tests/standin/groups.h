/*
 * The groups that the server knows, by category and subcategory.
 */
#ifndef STANDIN_GROUPS_H
#define STANDIN_GROUPS_H

#include <jansson.h>

/* Which edition of the lists: they differ in one group, Susy, which became NPS. */
enum groups { GROUPS_LEGACY, GROUPS_CURRENT };

/* The names of a list, in order. */
struct group_list {
    const char *const *names;
    int count;
};

enum groups_found { GROUPS_FOUND, GROUPS_NO_CATEGORY, GROUPS_NO_SUBCATEGORY };

/* Finds the list of a category's subcategory. */
enum groups_found groups_find(enum groups edition, const char *category, const char *subcategory,
                              struct group_list *list);

/* Every `Category.Subcategory.Group`. A new array, the caller's. */
json_t *groups_all(enum groups edition);

#endif
