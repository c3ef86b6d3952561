/* Signing in. What is expected was computed by Python's hashlib and cryptography, out of the
 * description of the protocol, for random bytes that count up from 0 and a part A that is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oracle/connection.h"
#include "oracle/sign_in.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct sign_in {
    const char *password;
    struct verifier_challenge challenge;
    const char *session_key;
    const char *speedy_key;
    const char *encrypted_password;
    unsigned char combo_key[32];
    size_t combo_key_length;
    const char *response;
    const char *padded_response;
} sign_ins[] = {
    {.password = "Geheim-Wört",
     .challenge = {.kind = VERIFIER_12C,
                   .verifier_data = "A0A1A2A3A4A5A6A7A8A9AAABACADAEAF",
                   .session_key =
                       "EAD4B8C1A05924C210404788EC66C62EAA1867072B07F20FD692C4830B11435B",
                   .salt = "C0C1C2C3C4C5C6C7C8C9CACBCCCDCECF",
                   .verifier_rounds = 4096,
                   .session_rounds = 3},
     .session_key = "4BFE8DFFE216DBF18E9E113C9725CBF061FB606DB6A39738D1F5D1DD76B4CE41",
     .speedy_key =
         "8FBBC02ECFAA612384B5051706FA833CBC9720D2A44FEDD0525666B547D3D6AB9DDD1316AF24968F"
         "8B072DA6FE263248431DFFDE3463C81653A47F33AAD05465F1864BB7C780A8DFF2948A0D17FE553F",
     .encrypted_password = "E9BA085CCE2A73CE97D72C35AD327EBE7889691DB6B21901F09CDD404B4DDFCF",
     .combo_key = {0x02, 0xfb, 0xcf, 0xf1, 0xb8, 0x9a, 0xee, 0xc4, 0xb7, 0xce, 0xe4,
                   0xf7, 0x72, 0xe0, 0x90, 0xa0, 0x36, 0x4a, 0x8b, 0xf4, 0xb7, 0xff,
                   0x35, 0x87, 0xb5, 0xf6, 0xc8, 0x99, 0x0c, 0xf1, 0xcb, 0x69},
     .combo_key_length = 32,
     .response = "28256B108173A9B5668587EE11317ED707E9A7479969BBF46D078CB08591E0F0",
     .padded_response =
         "28256B108173A9B5668587EE11317ED707E9A7479969BBF46D078CB08591E0F0892A13DDB4878549"
         "CBBA1E57D0A1D594"},
    {.password = "tiger",
     .challenge =
         {.kind = VERIFIER_12C,
          .verifier_data = "A0A1A2A3A4A5A6A7A8A9AAABACADAEAF",
          .session_key =
              "F42B18821AB92BD96D695967E6D441E45997C12A81AFCA15552A67F2934199C61890BF1917BCD845"
              "7B48A2EBCF052A09",
          .salt = NULL,
          .verifier_rounds = 4096,
          .session_rounds = 3},
     .session_key =
         "CACAEDBE4A1B8925A5B3DCA646F6CB2CF426FAB29FC62BCDED10B82C3641CF0F3476DD29C684BC25"
         "3D4D8BD403A03985",
     .speedy_key =
         "FD026A60443EF3AD06AFA917CA6B7E85CDAE44C136A23F60ED1031F758FDDCBC53616C02C798DFB7"
         "BA9D70B29EED77A2AF7ED51D0B91FDA46EE1191B59178ADDE8C0C6C0F062029209221F3874E76656",
     .encrypted_password = "E5BD9EB8D6CBB10D6EB69CB9FA79EC42026B06C9FFD293CE5E7BC9B457380896",
     .combo_key = {0x87, 0xe8, 0x4e, 0x66, 0x12, 0xea, 0x03, 0xbe, 0x71, 0x9e, 0x4e,
                   0x02, 0xd6, 0xa7, 0x8b, 0xa5, 0xaa, 0x68, 0x69, 0x3e, 0x24, 0x87,
                   0xf4, 0x77, 0x46, 0x66, 0xb1, 0xc2, 0x03, 0x29, 0xba, 0xdb},
     .combo_key_length = 32,
     .response = "DE30986EE16224A23C6E2E621DC5157629DDF734D18B479BBF4F99B4D7017BB6",
     .padded_response =
         "DE30986EE16224A23C6E2E621DC5157629DDF734D18B479BBF4F99B4D7017BB662FB82EB05FAFF5D"
         "9796996D73EFADDF"},
    {.password = "tiger",
     .challenge =
         {.kind = VERIFIER_11G_1,
          .verifier_data = "A0A1A2A3A4A5A6A7A8A9",
          .session_key =
              "0EB776DB40B0322880D0267C4B7A6B939D64982F76C662FE73603841876EFF7A0E5C8129D08E7CF9"
              "605C36E45031ECE5",
          .salt = NULL,
          .verifier_rounds = 0,
          .session_rounds = 0},
     .session_key =
         "E50DA284180A6EEBF6F80656F8A8FF3B66722A9ACFE03E04D24146298C301F1F97E50762869D2B71"
         "A220EAEB83BF5124",
     .speedy_key = "",
     .encrypted_password = "785CD842E5390FDCDA4975051B4C6D4286E206E4EB9E51B7912EDB6B3669AE8C",
     .combo_key = {0x87, 0xe8, 0x4e, 0x66, 0x12, 0xea, 0x03, 0xbe, 0x71, 0x9e, 0x4e, 0x02,
                   0xd6, 0xa7, 0x8b, 0xa5, 0xaa, 0x68, 0x69, 0x3e, 0x24, 0x87, 0xf4, 0x77},
     .combo_key_length = 24,
     .response = "C52A31362D91508831C9287C52E7333E3CF41E5F72BC4FBB1AAF73EF4741110D",
     .padded_response =
         "C52A31362D91508831C9287C52E7333E3CF41E5F72BC4FBB1AAF73EF4741110D9C45E106AA8FF56B"
         "EF2020795EC83E49"},
    {.password = "",
     .challenge =
         {.kind = VERIFIER_11G_2,
          .verifier_data = "A0A1A2A3A4A5A6A7A8A9",
          .session_key =
              "DF658EDCABEBA1DB517AE80ECFBD77090E0E9FF46D195823A89681944B868B8A031F4115353C366E"
              "11D7D0C65C653E9F",
          .salt = NULL,
          .verifier_rounds = 0,
          .session_rounds = 0},
     .session_key =
         "6F4F872D428AC5D71124FC7690E78F5E7BEE1BDE2E3603A3303F79E7827CF2F524B48190224E8A6E"
         "57C86DEC384A46BE",
     .speedy_key = "",
     .encrypted_password = "785CD842E5390FDCDA4975051B4C6D4227A0A44509B67964F17623C69B1A42D2",
     .combo_key = {0x87, 0xe8, 0x4e, 0x66, 0x12, 0xea, 0x03, 0xbe, 0x71, 0x9e, 0x4e, 0x02,
                   0xd6, 0xa7, 0x8b, 0xa5, 0xaa, 0x68, 0x69, 0x3e, 0x24, 0x87, 0xf4, 0x77},
     .combo_key_length = 24,
     .response = "C52A31362D91508831C9287C52E7333E3CF41E5F72BC4FBB1AAF73EF4741110D",
     .padded_response =
         "C52A31362D91508831C9287C52E7333E3CF41E5F72BC4FBB1AAF73EF4741110D9C45E106AA8FF56B"
         "EF2020795EC83E49"},
    {.password = "a password of many more bytes than one block has",
     .challenge = {.kind = VERIFIER_11G_1,
                   .verifier_data = "A0A1A2A3A4A5A6A7A8A9",
                   .session_key =
                       "E99412C22583A0748421D07BBDF438BB33599D7E8A3D836A72214FB66B4825FA",
                   .salt = "C0C1C2C3C4C5C6C7C8C9CACBCCCDCECF",
                   .verifier_rounds = 0,
                   .session_rounds = 3},
     .session_key = "16357E94F2EF6FB6795AB3BA41D261A789AA0CFCDC9E7AB065DDADDE71EFE2ED",
     .speedy_key = "",
     .encrypted_password =
         "CC002C7178ACB5E7965BEDD300822C6D3DB6D2A89F7DB91FD12850389F59DBBF13476E73993B4899"
         "74D596B6653F0FC97C4D6179BD35AB5225213C10E7690D74894BC8F0693463D1340E2F84FA551910",
     .combo_key = {0x70, 0x16, 0x7a, 0x31, 0xbd, 0x98, 0x87, 0xab, 0xca, 0x4e, 0x0b, 0x94,
                   0x8c, 0xba, 0xa3, 0x8c, 0xbe, 0xcf, 0x80, 0x69, 0xf1, 0xb7, 0x19, 0x61},
     .combo_key_length = 24,
     .response = "EC1A4E838B662E56DB7B8B40D7D7E47A44DF8A42D18CB906805FC52B9B373300",
     .padded_response =
         "EC1A4E838B662E56DB7B8B40D7D7E47A44DF8A42D18CB906805FC52B9B373300E7F32B9076815987"
         "67FCB6C160B9DB83"},
};

enum { A_12C, LONG_KEY_12C, AN_11G, ANOTHER_11G, SHORT_KEY_11G };

/* Random bytes that count; after `limit` of them, none. */
struct counter {
    unsigned next;
    unsigned limit;
};

static int count_up(void *context, unsigned char *bytes, size_t length) {
    struct counter *counter = context;

    if (counter->next + length > counter->limit) {
        return -1;
    }
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (unsigned char)counter->next++;
    }
    return 0;
}

static int answer(const struct verifier_challenge *challenge, const char *password,
                  struct verifier_answer *result, struct oracle_error *error) {
    struct counter counter = {0, 1000};

    return verifier_answer_challenge(challenge, password, count_up, &counter, result, error);
}

static void assert_answer(const struct sign_in *expected) {
    struct verifier_answer result;
    struct oracle_error error = {0};

    if (answer(&expected->challenge, expected->password, &result, &error) != 0) {
        fail_msg("%s", error.message);
    }
    assert_string_equal(result.session_key, expected->session_key);
    assert_string_equal(result.speedy_key, expected->speedy_key);
    assert_string_equal(bytes_text(&result.password), expected->encrypted_password);
    assert_int_equal(result.combo_key_length, expected->combo_key_length);
    assert_memory_equal(result.combo_key, expected->combo_key, expected->combo_key_length);
    verifier_answer_wipe(&result);
}

static void a_12c_verifier_is_answered(void **state) {
    (void)state;
    assert_answer(&sign_ins[A_12C]);
}

static void a_12c_verifier_with_a_long_session_key_is_answered(void **state) {
    (void)state;
    assert_answer(&sign_ins[LONG_KEY_12C]);
}

static void both_11g_verifiers_are_answered(void **state) {
    (void)state;
    assert_answer(&sign_ins[AN_11G]);
    assert_answer(&sign_ins[ANOTHER_11G]); /* with an empty password */
}

static void an_11g_verifier_with_a_short_session_key_is_answered(void **state) {
    (void)state;
    assert_answer(&sign_ins[SHORT_KEY_11G]);
}

static void digits_of_either_case_are_read(void **state) {
    struct sign_in lower = sign_ins[A_12C];

    (void)state;
    lower.challenge.verifier_data = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf";
    assert_answer(&lower);
}

static void a_server_proves_that_it_knows_the_password(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(sign_ins); i++) {
        struct verifier_answer result;
        struct oracle_error error = {0};

        assert_int_equal(answer(&sign_ins[i].challenge, sign_ins[i].password, &result, &error), 0);
        assert_true(verifier_check_server(&result, sign_ins[i].response));
        assert_true(verifier_check_server(&result, sign_ins[i].padded_response));
        verifier_answer_wipe(&result);
    }
}

static void a_server_without_the_proof_is_found_out(void **state) {
    const struct sign_in *known = &sign_ins[A_12C];
    char changed[129];
    const char *const cases[] = {
        NULL,
        "",
        "28256B108173A9B5668587EE11317ED7",                                   /* 16 bytes */
        "28256B108173A9B5668587EE11317ED707E9A7479969BBF46D078CB08591E0",     /* 31 bytes */
        "28256B108173A9B5668587EE11317ED707E9A7479969BBF46D078CB08591E0F0AA", /* 33 bytes */
        "28256B108173A9B5668587EE11317ED707E9A7479969BBF46D078CB08591E0FX",
        "28256B108173A9B5668587EE11317ED707E9A7479969BBF46D078CB08591E0F1",
        sign_ins[LONG_KEY_12C].response,
    };
    struct verifier_answer result;
    struct oracle_error error = {0};

    (void)state;
    assert_int_equal(answer(&known->challenge, known->password, &result, &error), 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_false(verifier_check_server(&result, cases[i]));
    }
    memset(changed, '0', sizeof changed - 1); /* 64 bytes of something else */
    changed[sizeof changed - 1] = '\0';
    assert_false(verifier_check_server(&result, changed));
    verifier_answer_wipe(&result);
}

#define BYTES_16 "00112233445566778899AABBCCDDEEFF"
#define BYTES_64 BYTES_16 BYTES_16 BYTES_16 BYTES_16

static void what_a_server_must_not_send_is_refused(void **state) {
    static const struct {
        struct verifier_challenge challenge;
        enum oracle_failure failure;
        const char *words;
    } cases[] = {
        {{VERIFIER_12C, NULL, BYTES_16 BYTES_16, BYTES_16, 4096, 3}, ORACLE_PROTOCOL, "VFR_DATA"},
        {{VERIFIER_12C, "", BYTES_16 BYTES_16, BYTES_16, 4096, 3}, ORACLE_PROTOCOL, "VFR_DATA"},
        {{VERIFIER_12C, "0", BYTES_16 BYTES_16, BYTES_16, 4096, 3}, ORACLE_PROTOCOL, "VFR_DATA"},
        {{VERIFIER_12C, "0G", BYTES_16 BYTES_16, BYTES_16, 4096, 3}, ORACLE_PROTOCOL, "VFR_DATA"},
        {{VERIFIER_12C, BYTES_64 "00", BYTES_16 BYTES_16, BYTES_16, 4096, 3},
         ORACLE_PROTOCOL,
         "VFR_DATA"},
        {{VERIFIER_12C, BYTES_16, NULL, BYTES_16, 4096, 3}, ORACLE_PROTOCOL, "AUTH_SESSKEY"},
        {{VERIFIER_12C, BYTES_16, BYTES_16, BYTES_16, 4096, 3}, ORACLE_PROTOCOL, "AUTH_SESSKEY"},
        {{VERIFIER_12C, BYTES_16, BYTES_64, BYTES_16, 4096, 3}, ORACLE_PROTOCOL, "AUTH_SESSKEY"},
        {{VERIFIER_11G_1, BYTES_16, BYTES_16 BYTES_16 "00", BYTES_16, 0, 3},
         ORACLE_PROTOCOL,
         "AUTH_SESSKEY"},
        {{VERIFIER_12C, BYTES_16, BYTES_16 BYTES_16, NULL, 4096, 3}, ORACLE_PROTOCOL, "CSK_SALT"},
        {{VERIFIER_12C, BYTES_16, BYTES_16 BYTES_16, BYTES_64 "00", 4096, 3},
         ORACLE_PROTOCOL,
         "CSK_SALT"},
        {{VERIFIER_12C, BYTES_16, BYTES_16 BYTES_16, BYTES_16, 0, 3},
         ORACLE_PROTOCOL,
         "asks for 0 rounds of hashing (AUTH_PBKDF2_VGEN_COUNT)"},
        {{VERIFIER_12C, BYTES_16, BYTES_16 BYTES_16, BYTES_16, 100001, 3},
         ORACLE_PROTOCOL,
         "asks for 100001 rounds"},
        {{VERIFIER_11G_1, BYTES_16, BYTES_16 BYTES_16, BYTES_16, 0, -1},
         ORACLE_PROTOCOL,
         "asks for -1 rounds of hashing (AUTH_PBKDF2_SDER_COUNT)"},
        {{VERIFIER_11G_1, BYTES_16, BYTES_16 BYTES_16, BYTES_16, 0, 100001},
         ORACLE_PROTOCOL,
         "asks for 100001 rounds"},
        {{0x939, BYTES_16, BYTES_16 BYTES_16, BYTES_16, 4096, 3},
         ORACLE_UNSUPPORTED,
         "verifier 0x939, and 11g and 12c verifiers are known here: let an administrator set the "
         "password again"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct verifier_answer result;
        struct oracle_error error = {0};

        assert_int_equal(answer(&cases[i].challenge, "tiger", &result, &error), -1);
        assert_int_equal(error.failure, cases[i].failure);
        if (strstr(error.message, cases[i].words) == NULL) {
            fail_msg("case %zu: %s", i, error.message);
        }
        assert_null(strstr(error.message, "tiger"));
        assert_null(result.password.data);
    }
}

static void a_password_that_no_server_takes_is_refused(void **state) {
    char password[1026];
    struct verifier_answer result;
    struct oracle_error error = {0};

    (void)state;
    memset(password, 'x', sizeof password);
    password[1025] = '\0';
    assert_int_equal(answer(&sign_ins[AN_11G].challenge, password, &result, &error), -1);
    assert_int_equal(error.failure, ORACLE_SIGN_IN);
    assert_non_null(strstr(error.message, "1024 bytes"));
    password[1024] = '\0';
    assert_int_equal(answer(&sign_ins[AN_11G].challenge, password, &result, &error), 0);
    assert_int_equal(result.password.length, 2 * (16 + 1024 + 16));
    verifier_answer_wipe(&result);
}

static void without_random_bytes_nothing_is_sent(void **state) {
    static const unsigned limits[] = {31, 47, 63}; /* of 32 + 16 + 16 */
    const struct sign_in *known = &sign_ins[A_12C];

    (void)state;
    for (size_t i = 0; i < COUNT(limits); i++) {
        struct counter counter = {0, limits[i]};
        struct verifier_answer result;
        struct oracle_error error = {0};

        assert_int_equal(verifier_answer_challenge(&known->challenge, known->password, count_up,
                                                   &counter, &result, &error),
                         -1);
        assert_string_equal(error.message, "no random bytes are available");
        assert_string_equal(result.session_key, "");
    }
}

static void openssl_gives_random_bytes_where_nothing_else_does(void **state) {
    const struct sign_in *known = &sign_ins[AN_11G];
    struct verifier_answer first;
    struct verifier_answer second;
    struct oracle_error error = {0};

    (void)state;
    struct oracle_connection connection = {0};
    assert_int_equal(verifier_answer_challenge(&known->challenge, known->password,
                                               connection_make_random, &connection, &first, &error),
                     0);
    assert_int_equal(verifier_answer_challenge(&known->challenge, known->password,
                                               connection_make_random, &connection, &second,
                                               &error),
                     0);
    assert_string_not_equal(first.session_key, second.session_key);
    verifier_answer_wipe(&first);
    verifier_answer_wipe(&second);
}

static void a_wiped_answer_holds_nothing(void **state) {
    static const struct verifier_answer nothing;
    struct verifier_answer result;
    struct oracle_error error = {0};

    (void)state;
    assert_int_equal(answer(&sign_ins[A_12C].challenge, "tiger", &result, &error), 0);
    verifier_answer_wipe(&result);
    assert_memory_equal(&result, &nothing, sizeof nothing);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_12c_verifier_is_answered),
        cmocka_unit_test(a_12c_verifier_with_a_long_session_key_is_answered),
        cmocka_unit_test(both_11g_verifiers_are_answered),
        cmocka_unit_test(an_11g_verifier_with_a_short_session_key_is_answered),
        cmocka_unit_test(digits_of_either_case_are_read),
        cmocka_unit_test(a_server_proves_that_it_knows_the_password),
        cmocka_unit_test(a_server_without_the_proof_is_found_out),
        cmocka_unit_test(what_a_server_must_not_send_is_refused),
        cmocka_unit_test(a_password_that_no_server_takes_is_refused),
        cmocka_unit_test(without_random_bytes_nothing_is_sent),
        cmocka_unit_test(openssl_gives_random_bytes_where_nothing_else_does),
        cmocka_unit_test(a_wiped_answer_holds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
