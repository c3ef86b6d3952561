#include "oracle/data_types.h"

#include "oracle/message.h"

/* The form of a value's bytes: the protocol's own, or the same on every machine. */
enum { FORM_UNIVERSAL = 1, FORM_ORACLE = 10 };

/* Types that go as they are, in universal form. A run is from its first number to its last. The
 * order is that in which the server is told of them, and holes are numbers that it does not know
 * (oracledb's lib/thin/protocol/messages/dataType.js has the same list). */
static const struct run {
    unsigned short first, last;
} runs[] = {
    {1, 1},     {8, 8},     {23, 26},   {28, 33},   {10, 11},   {40, 41},   {117, 117}, {120, 120},
    {290, 294}, {298, 313}, {315, 323}, {327, 329}, {331, 331}, {333, 346}, {348, 349}, {354, 355},
    {359, 359}, {363, 363}, {380, 391}, {393, 401}, {404, 407}, {413, 427}, {429, 433}, {449, 450},
    {454, 463}, {466, 486}, {490, 496}, {498, 502}, {509, 510}, {513, 514}, {516, 543}, {560, 560},
    {565, 565}, {572, 576}, {578, 578}, {563, 564}, {579, 585}, {39, 39},   {96, 96},   {100, 102},
    {106, 106}, {109, 109}, {111, 115}, {119, 119}, {198, 198}, {146, 146}, {178, 183}, {185, 190},
    {208, 208}, {231, 231}, {233, 233}, {252, 252}, {590, 605}, {613, 616}, {611, 612}, {622, 632},
    {637, 638}, {636, 636}, {639, 639}, {663, 663}, {640, 640}, {652, 652}, {646, 647}, {127, 127},
    {660, 661}, {665, 665}, {668, 670},
};

/* Types that go as others, or in another form. */
static const struct conversion {
    unsigned short type, sent_as, form;
} conversions[] = {
    {2, 2, FORM_ORACLE},        {12, 12, FORM_ORACLE},      {27, 27, FORM_ORACLE},
    {3, 2, FORM_ORACLE},        {4, 2, FORM_ORACLE},        {5, 1, FORM_UNIVERSAL},
    {6, 2, FORM_ORACLE},        {7, 2, FORM_ORACLE},        {9, 1, FORM_UNIVERSAL},
    {15, 1, FORM_UNIVERSAL},    {68, 2, FORM_ORACLE},       {91, 2, FORM_ORACLE},
    {94, 1, FORM_UNIVERSAL},    {95, 23, FORM_UNIVERSAL},   {97, 96, FORM_UNIVERSAL},
    {104, 11, FORM_UNIVERSAL},  {108, 109, FORM_UNIVERSAL}, {110, 111, FORM_UNIVERSAL},
    {116, 102, FORM_UNIVERSAL}, {152, 2, FORM_ORACLE},      {153, 2, FORM_ORACLE},
    {154, 2, FORM_ORACLE},      {155, 1, FORM_UNIVERSAL},   {156, 12, FORM_ORACLE},
    {172, 2, FORM_ORACLE},      {184, 12, FORM_ORACLE},     {195, 112, FORM_UNIVERSAL},
    {196, 113, FORM_UNIVERSAL}, {197, 114, FORM_UNIVERSAL}, {232, 231, FORM_UNIVERSAL},
    {241, 109, FORM_UNIVERSAL},
};

static void put_type(struct bytes *message, unsigned type, unsigned sent_as, unsigned form) {
    message_put_u16(message, type);
    message_put_u16(message, sent_as);
    message_put_u16(message, form);
    message_put_u16(message, 0);
}

void data_types_put(struct bytes *message) {
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        for (unsigned type = runs[i].first; type <= runs[i].last; type++) {
            put_type(message, type, type, FORM_UNIVERSAL);
        }
    }
    for (size_t i = 0; i < sizeof conversions / sizeof *conversions; i++) {
        put_type(message, conversions[i].type, conversions[i].sent_as, conversions[i].form);
    }
    message_put_u16(message, 0);
}
