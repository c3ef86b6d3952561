#define _POSIX_C_SOURCE 200809L /* mkdtemp, dirfd */
#include <math.h>

#include "report/flow.h"
#include "report/html_sections_private.h"
#include "workspace_fixture.h"

static const struct flow_room room = {250, 20, 4};

static void assert_near(double found, double expected) {
    if (fabs(found - expected) > 0.001) {
        fail_msg("%g is not %g", found, expected);
    }
}

static double end_of(const struct flow_node *node) {
    return node->offset + node->size;
}

static struct flow make_rows(int64_t used, int64_t skipped, int64_t rejected) {
    struct flow flow = {0};
    flow.nodes[FLOW_ROWS_READ].count = used + skipped + rejected;
    flow_add_link(&flow, FLOW_ROWS_READ, FLOW_USED, used);
    flow_add_link(&flow, FLOW_ROWS_READ, FLOW_SKIPPED, skipped);
    flow_add_link(&flow, FLOW_ROWS_READ, FLOW_REJECTED, rejected);
    return flow;
}

static void the_stage_with_the_least_room_sets_the_scale_of_its_unit(void **state) {
    (void)state;
    struct flow flow = make_rows(70, 20, 10);
    flow_lay_out(&flow, room);
    assert_near(flow.nodes[FLOW_ROWS_READ].size, 210);
    assert_near(flow.nodes[FLOW_USED].size, 210 * 0.7);
    assert_near(flow.nodes[FLOW_SKIPPED].offset, 210 * 0.7 + 20);
    assert_near(end_of(&flow.nodes[FLOW_REJECTED]), 250);
}

static void one_of_a_million_is_seen(void **state) {
    (void)state;
    struct flow flow = make_rows(1000000, 1, 1);
    flow_lay_out(&flow, room);
    assert_near(flow.nodes[FLOW_SKIPPED].size, 4);
    assert_near(flow.nodes[FLOW_REJECTED].size, 4);
    assert_near(flow.nodes[FLOW_USED].size, 202);
    assert_near(end_of(&flow.nodes[FLOW_REJECTED]), 250);
}

static void what_is_not_there_takes_no_room(void **state) {
    (void)state;
    struct flow flow = make_rows(5, 0, 5);
    flow_lay_out(&flow, room);
    assert_near(flow.nodes[FLOW_SKIPPED].size, 0);
    assert_near(flow.nodes[FLOW_REJECTED].offset, 115 + 20);
    assert_int_equal(flow.link_count, 2);
}

static void bands_fill_the_edges_of_their_nodes(void **state) {
    (void)state;
    struct flow flow = make_rows(90, 0, 10);
    flow_add_link(&flow, FLOW_USED, FLOW_PLANNED, 8);
    flow_add_link(&flow, FLOW_PLANNED, FLOW_PRESENT, 2);
    flow_add_link(&flow, FLOW_PLANNED, FLOW_DELIVERED, 6);
    flow_add_link(&flow, FLOW_DELIVERED, FLOW_EQUAL, 6);
    flow_add_link(&flow, FLOW_PRESENT, FLOW_EQUAL, 2);
    flow_lay_out(&flow, room);
    double left[FLOW_PLACES] = {0};
    double entered[FLOW_PLACES] = {0};
    for (size_t i = 0; i < flow.link_count; i++) {
        const struct flow_link *link = &flow.links[i];
        assert_near(link->from_offset, flow.nodes[link->from].offset + left[link->from]);
        assert_near(link->to_offset, flow.nodes[link->to].offset + entered[link->to]);
        left[link->from] += link->from_size;
        entered[link->to] += link->to_size;
    }
    for (enum flow_place place = 0; place < FLOW_PLACES; place++) {
        bool leaves = place <= FLOW_USED || (place >= FLOW_PLANNED && place <= FLOW_PRESENT);
        assert_near(left[place], leaves ? flow.nodes[place].size : 0);
        assert_near(entered[place], place == FLOW_ROWS_READ ? 0 : flow.nodes[place].size);
    }
}

static void what_was_read_back_has_its_share_of_the_documents(void **state) {
    (void)state;
    struct flow flow = {0};
    flow_add_link(&flow, FLOW_USED, FLOW_PLANNED, 10);
    flow_add_link(&flow, FLOW_PLANNED, FLOW_DELIVERED, 4);
    flow_add_link(&flow, FLOW_PLANNED, FLOW_PENDING, 6);
    flow_add_link(&flow, FLOW_DELIVERED, FLOW_EQUAL, 4);
    flow_lay_out(&flow, room);
    assert_near(flow.nodes[FLOW_EQUAL].size, flow.nodes[FLOW_DELIVERED].size);
    assert_near(flow.nodes[FLOW_EQUAL].size, 0.4 * flow.nodes[FLOW_PLANNED].size);
}

static void rows_and_documents_have_a_scale_each(void **state) {
    (void)state;
    struct flow flow = make_rows(1000, 0, 0);
    flow_add_link(&flow, FLOW_USED, FLOW_PLANNED, 10);
    flow_add_link(&flow, FLOW_PLANNED, FLOW_DELIVERED, 5);
    flow_add_link(&flow, FLOW_PLANNED, FLOW_PENDING, 5);
    flow_lay_out(&flow, room);
    assert_near(flow.nodes[FLOW_USED].size, 250);
    assert_near(flow.nodes[FLOW_PLANNED].size, 230);
    assert_near(flow.nodes[FLOW_DELIVERED].size, 115);
    for (size_t i = 0; i < flow.link_count; i++) {
        const struct flow_link *link = &flow.links[i];
        assert_int_equal(flow_is_break(link), link->to == FLOW_PLANNED);
    }
}

static void nothing_at_all_can_be_laid_out(void **state) {
    (void)state;
    struct flow flow = {0};
    flow_lay_out(&flow, room);
    assert_int_equal(flow.link_count, 0);
}

static void a_workspace_is_counted_by_states_and_verdicts(void **state) {
    (void)state;
    const struct hand_document documents[] = {{"a", "{}"}, {"b", "{}"}, {"c", "{}"},
                                              {"d", "{}"}, {"e", "{}"}, {NULL, NULL}};
    struct workspace *workspace = open_it();
    plan_documents(workspace, documents);
    change(workspace, "UPDATE document SET state = 'delivered', verdict = 'equal' WHERE key = 'a'");
    change(workspace, "UPDATE document SET state = 'delivered' WHERE key = 'b'");
    change(workspace, "UPDATE document SET state = 'different', verdict = 'different'"
                      " WHERE key = 'c'");
    change(workspace, "UPDATE document SET state = 'delivered', change = 'gone' WHERE key = 'd'");
    change(workspace, "UPDATE document SET state = 'nonsense' WHERE key = 'e'");
    struct error error = {0};
    struct summary summary;
    struct flow flow;
    assert_int_equal(summary_load(workspace, &summary, &error), 0);
    flow_count(&summary, &flow);
    assert_int_equal(flow.nodes[FLOW_ROWS_READ].count, 5);
    assert_int_equal(flow.nodes[FLOW_PLANNED].count, 4);
    assert_int_equal(flow.nodes[FLOW_DELIVERED].count, 2);
    assert_int_equal(flow.nodes[FLOW_EQUAL].count, 1);
    assert_int_equal(flow.nodes[FLOW_UNREAD].count, 1);
    assert_int_equal(flow.nodes[FLOW_FOUND_DIFFERENT].count, 1);
    summary_free(&summary);
    workspace_close(workspace);
}

static void axes_end_at_round_numbers(void **state) {
    (void)state;
    assert_near(html_round_up(0), 1);
    assert_near(html_round_up(0.3), 0.5);
    assert_near(html_round_up(1), 1);
    assert_near(html_round_up(1.01), 2);
    assert_near(html_round_up(51), 100);
    assert_near(html_round_up(1234567), 2000000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stage_with_the_least_room_sets_the_scale_of_its_unit),
        cmocka_unit_test(rows_and_documents_have_a_scale_each),
        cmocka_unit_test(one_of_a_million_is_seen),
        cmocka_unit_test(what_is_not_there_takes_no_room),
        cmocka_unit_test(bands_fill_the_edges_of_their_nodes),
        cmocka_unit_test(what_was_read_back_has_its_share_of_the_documents),
        cmocka_unit_test(nothing_at_all_can_be_laid_out),
        cmocka_unit_test_teardown(a_workspace_is_counted_by_states_and_verdicts, empty_folder),
        cmocka_unit_test(axes_end_at_round_numbers),
    };
    return cmocka_run_group_tests_name("report_flow", tests, make_folder, remove_folder);
}
