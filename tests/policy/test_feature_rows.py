"""The four organisations to the letter: one test for each promise on their pages that speaks of
times, levels, hours, channels, fees, contacts or contracts."""

from portal.policy.intake import (
    asked_fields,
    kind_of_request,
    missing,
    required_fields,
    unmet_conditions,
)
from portal.policy.opening import opening_state
from portal.policy.priority import questions, settle_priority
from portal.policy.profiles import profile
from portal.policy.wording import promise_words, strength_words
from tests.policy.at_the_desk import ask, due, local, policy_of, state

CIP, CIVIC, CTS, COM = "cipplanner", "civicplus", "cts", "communicado"


def words(name: str, priority: str, at: str) -> str:
    evaluation = ask(name, priority, at)
    return promise_words(evaluation, now=evaluation.filing.opened_at).headline.text


# CIPPlanner


def test_A1_the_desk_has_a_telephone_number() -> None:
    assert profile(CIP).desk.phone == "888-902-0248"


def test_A2_an_annual_contract_under_two_names() -> None:
    contract = profile(CIP).entitlement
    assert contract.contract_required
    assert contract.term == "annual"
    assert contract.contract_name == "Support and Maintenance"
    assert contract.also_called == ("Support and Solution Maintenance",)


def test_A3_answered_the_same_working_day_when_time_allows() -> None:
    morning = ask(CIP, "minor", "2026-06-09 09:00")
    assert due(morning) == "2026-06-09 17:00"
    assert morning.first_response.strength == "usual"
    assert due(ask(CIP, "minor", "2026-06-09 16:59")) == "2026-06-09 17:00"
    assert due(ask(CIP, "minor", "2026-06-09 17:00")) == "2026-06-10 17:00"


def test_A4_status_updates_within_one_business_day() -> None:
    assert due(ask(CIP, "minor", "2026-11-20 16:30"), "next_update") == "2026-11-23 16:30"
    repeated = ask(CIP, "minor", "2026-06-09 09:00", ("update", "2026-06-09 16:00"))
    assert due(repeated, "next_update") == "2026-06-10 16:00"
    assert due(ask(CIP, "urgent", "2026-06-06 09:00"), "next_update") == "2026-06-07 09:00"


def test_A4_other_reading_a_day_by_the_clock_moved_to_the_opening() -> None:
    moved = ask("cipplanner-clock-day-moved", "minor", "2026-11-20 16:00")
    assert due(moved, "next_update") == "2026-11-23 08:00"


def test_A5_no_limit_on_the_number_of_cases() -> None:
    assert profile(CIP).entitlement.case_limit is None


def test_A6_the_web_is_a_channel_beside_telephone_and_mail() -> None:
    assert set(profile(CIP).channels) == {"phone", "email", "web"}


def test_A7_level_one_is_for_what_stops_everyday_work() -> None:
    decision = settle_priority(profile(CIP), {"daily_work": "yes"})
    assert decision.priority_id == "minor"


def test_A8_most_resolved_in_a_day_is_no_due_date() -> None:
    assert state(ask(CIP, "minor", "2026-06-09 09:00"), "resolution") == "no_promise"


def test_A9_escalation_to_level_two_by_itself() -> None:
    assert due(ask(CIP, "minor", "2026-11-20 16:00"), "escalation") == "2026-11-23 16:00"
    assert due(ask(CIP, "urgent", "2026-11-20 16:00"), "escalation") == "2026-11-21 16:00"
    assert ask(CIP, "minor", "2026-11-20 16:00").escalation.to == "Level 2 senior product engineers"


def test_A9_other_reading_24_hours_of_opening_time() -> None:
    laxer = ask("cipplanner-24-business-hours", "minor", "2026-11-20 16:00")
    assert due(laxer, "escalation") == "2026-11-25 13:00"


def test_A10_a_reasonable_period_is_no_date() -> None:
    assert "reasonable" in " ".join(profile(CIP).notes)
    assert ask(CIP, "minor", "2026-06-09 09:00").resolution.due_at is None


def test_A11_catastrophic_cases_go_to_the_rapid_response_team_at_once() -> None:
    evaluation = ask(CIP, "catastrophic", "2026-06-07 03:00")
    assert (evaluation.escalation.words, evaluation.escalation.due_at) == ("at once", None)
    assert evaluation.escalation.to == "Level 3 Rapid Response team"
    assert due(evaluation) == "2026-06-07 03:30"


def test_A12_hours_are_pacific_time_all_year_round() -> None:
    policy = profile(CIP)
    assert opening_state(policy, "office", local(policy, "2026-06-09T23:59:59+00:00")).is_open
    assert not opening_state(policy, "office", local(policy, "2026-06-10T00:00:00+00:00")).is_open
    assert opening_state(policy, "office", local(policy, "2026-01-07T00:59:59+00:00")).is_open
    assert not opening_state(policy, "office", local(policy, "2026-01-01 10:00")).is_open
    assert "8am-5pm PST" in policy.desk.hours_label


def test_A13_after_hours_means_within_the_next_business_day() -> None:
    for reported in ("2026-11-20 18:00", "2026-11-21 10:00", "2026-11-23 04:00"):
        assert due(ask(CIP, "minor", reported)) == "2026-11-23 17:00"
    assert due(ask(CIP, "minor", "2026-06-09 07:00")) == "2026-06-09 17:00"


def test_A14_mail_read_at_weekends_is_not_answered_at_weekends() -> None:
    assert due(ask(CIP, "minor", "2026-11-21 10:00", channel="email")) == "2026-11-23 17:00"
    weekend = ask("cipplanner-weekend-email", "minor", "2026-11-21 10:00", channel="email")
    assert due(weekend) == "2026-11-21 17:00"
    by_phone = ask("cipplanner-weekend-email", "minor", "2026-11-21 10:00", channel="phone")
    assert due(by_phone) == "2026-11-23 17:00"


def test_A15_emergencies_have_a_calendar_of_their_own() -> None:
    assert due(ask(CIP, "urgent", "2026-12-25 03:00")) == "2026-12-25 04:00"
    assert [r.code for r in ask(CIP, "urgent", "2026-12-25 03:00").reasons] == ["emergency cover"]


def test_A16_the_contract_covers_enhancements_within_scope() -> None:
    assert "enhancements within scope" in profile(CIP).entitlement.covers


def test_A18_a_plan_without_stated_times() -> None:
    assert "by agreement" in profile(CIP).entitlement.premium


def test_A25_every_policy_names_its_date_and_version() -> None:
    policy = profile(CIP)
    assert (policy.version, policy.effective_from.isoformat()) == (1, "2026-01-01")
    assert ask(CIP, "minor", "2026-06-09 09:00").first_response.policy_version == 1


# CivicPlus


def test_B1_hours_from_seven_to_seven_central_time() -> None:
    assert due(ask(CIVIC, "normal", "2026-06-11 18:59")) == "2026-06-12 10:59"
    assert ask(CIVIC, "normal", "2026-06-11 19:00").rule == "after_hours"
    assert "CST" in profile(CIVIC).desk.hours_label


def test_B2_telephone_and_mail_within_hours_the_number_is_not_given() -> None:
    policy = profile(CIVIC)
    assert {"phone", "email"} <= set(policy.channels)
    assert policy.desk.phone == ""


def test_B3_calls_are_answered_as_they_arrive_messages_within_four_hours() -> None:
    call = ask(CIVIC, "normal", "2026-06-11 17:30", channel="phone")
    assert due(call) == "2026-06-12 09:30"
    assert call.first_response.response_kind == "as calls arrive"


def test_B4_action_on_mail_within_four_hours_of_support() -> None:
    def mailed(at: str) -> str | None:
        return due(ask(CIVIC, "normal", at, channel="email"))

    assert mailed("2026-06-11 17:30") == "2026-06-12 09:30"
    assert mailed("2026-11-25 17:00") == "2026-11-27 09:00"
    assert mailed("2026-11-20 18:30") == "2026-11-23 10:30"


def test_B4_other_readings_by_the_clock() -> None:
    at = "2026-11-20 18:30"
    assert due(ask("civicplus-clock-hours", "normal", at)) == "2026-11-20 22:30"
    assert due(ask("civicplus-clock-hours-from-opening", "normal", at)) == "2026-11-20 22:30"
    saturday = "2026-11-21 10:00"
    assert due(ask("civicplus-clock-hours", "normal", saturday)) == "2026-11-21 14:00"
    from_opening = ask("civicplus-clock-hours-from-opening", "normal", saturday)
    assert due(from_opening) == "2026-11-23 11:00"


def test_B5_targets_by_channel_for_the_same_priority() -> None:
    call = ask(CIVIC, "normal", "2026-06-11 10:00", channel="phone").first_response
    mail = ask(CIVIC, "normal", "2026-06-11 10:00", channel="email").first_response
    assert (call.response_kind, mail.response_kind) == ("as calls arrive", "")


def test_B6_emergency_help_is_for_named_contacts() -> None:
    named = ask(CIVIC, "emergency", "2026-11-21 22:00", named=True)
    anyone = ask(CIVIC, "emergency", "2026-11-21 22:00")
    assert (named.rule, due(named)) == ("inside_hours", "2026-11-21 23:00")
    assert anyone.rule == "not_a_named_contact:after_hours"
    assert due(anyone) == "2026-11-23 11:00"
    told = promise_words(anyone, now=anyone.filing.opened_at)
    assert "emergency help is for named contacts" in told.why.lower()
    assert "A named contact can call the emergency line" in told.would_change[0]


def test_B7_a_true_emergency_is_free_and_settled_by_questions() -> None:
    policy = profile(CIVIC)
    assert policy.emergency is not None
    assert policy.emergency.free
    for answer in ("site_down", "applications_fail"):
        assert settle_priority(policy, {answer: "yes"}).priority_id == "emergency"


def test_B8_help_outside_hours_costs_200_dollars_an_hour() -> None:
    paid = profile(CIVIC).paid
    assert paid is not None
    assert paid.rate == "USD 200 per hour"
    agreed = ask(CIVIC, "normal", "2026-11-21 10:00", named=True, pays=True)
    assert (agreed.rule, due(agreed)) == ("paid_after_hours", "2026-11-21 14:00")


def test_B9_nothing_starts_before_the_customer_agrees() -> None:
    at = "2026-11-21 10:00"
    for named, pays in ((True, False), (False, True), (False, False)):
        waiting = ask(CIVIC, "normal", at, named=named, pays=pays)
        assert (waiting.rule, due(waiting)) == ("after_hours", "2026-11-23 11:00")
        told = promise_words(waiting, now=waiting.filing.opened_at).would_change
        assert any("USD 200 per hour; nothing starts before you agree" in one for one in told)
    in_hours = ask(CIVIC, "normal", "2026-11-23 10:00", named=True, pays=True)
    assert in_hours.rule == "inside_hours"


def test_B10_the_website_needs_a_login() -> None:
    assert profile(CIVIC).channels["web"].login_required


def test_B11_escalation_because_the_first_person_cannot_help() -> None:
    escalation = ask(CIVIC, "normal", "2026-06-11 10:00").escalation
    assert escalation.due_at is None
    assert "cannot help" in escalation.words


def test_B12_three_routes_by_subject() -> None:
    routes = ask(CIVIC, "normal", "2026-06-11 10:00").escalation.routes
    teams = [route.to for route in routes]
    assert teams == ["Customer Care", "Technical team", "at the liaison's discretion"]
    queues = {kind.id: kind.queue for kind in profile(CIVIC).request_kinds}
    assert (queues["services"], queues["problem"]) == ("Customer Care", "Technical team")


def test_B13_the_order_of_errors_is_decided_by_the_technical_team() -> None:
    assert any("order" in note and "technical team" in note for note in profile(CIVIC).notes)


def test_B14_a_named_liaison() -> None:
    assert any("liaison" in note for note in profile(CIVIC).notes)


def test_B15_suggestions_are_accepted() -> None:
    kind = kind_of_request(profile(CIVIC), "suggestion")
    assert kind is not None
    assert kind.priority == "normal"


def test_B16_what_support_includes() -> None:
    covers = profile(CIVIC).entitlement.covers
    assert "a newsletter every month" in covers
    assert len(covers) == 7


def test_B17_what_maintenance_includes() -> None:
    assert len(profile(CIVIC).entitlement.maintenance) == 8


# CTS


def test_C1_the_procedure_begins_when_telephone_or_remote_access_failed() -> None:
    asked = asked_fields(profile(CTS), request_kind="problem", answers={})
    assert "tried_by" in [field.id for field in asked]


def test_C2_four_definitions_of_priority_1() -> None:
    policy = profile(CTS)
    assert len(policy.priority("1").means) == 4
    for answer in ("officer_safety", "data_corruption", "will_not_start", "deadline"):
        assert settle_priority(policy, {answer: True, "later": True}).priority_id == "1"


def test_C3_priority_2_is_asked_after_priority_1() -> None:
    order = [question.priority_id for question in questions(profile(CTS))]
    assert order.index("2") > max(i for i, level in enumerate(order) if level == "1")
    assert settle_priority(profile(CTS), {"module_down": "yes"}).priority_id == "2"


def test_C4_four_definitions_of_priority_3_and_the_cause_decides() -> None:
    policy = profile(CTS)
    assert len(policy.priority("3").means) == 4
    for answer in ("critical_works", "way_round", "soon", "outside_cause"):
        assert settle_priority(policy, {answer: "yes"}).priority_id == "3"
    application = settle_priority(policy, {"will_not_start": "yes", "outside_cause": "no"})
    assert application.priority_id == "1"
    other = settle_priority(policy, {"will_not_start": "yes", "outside_cause": "yes"})
    assert other.priority_id == "3"
    assert "cause lies outside the application" in other.reason
    order = [question.id for question in questions(policy)]
    assert order.index("outside_cause") == order.index("will_not_start") + 1


def test_C5_priority_4_only_when_nothing_higher_holds() -> None:
    policy = profile(CTS)
    assert len(policy.priority("4").means) == 4
    for answer in ("hardly_any_impact", "few_notice", "may_be_deferred", "later"):
        assert settle_priority(policy, {answer: "yes"}).priority_id == "4"
        assert settle_priority(policy, {answer: "yes", "soon": "yes"}).priority_id == "3"


def test_C6_immediate_contact_is_shown_as_the_word() -> None:
    for priority, minutes in (("1", "10:15"), ("2", "10:30"), ("3", "11:00")):
        evaluation = ask(CTS, priority, "2026-06-09 10:00")
        assert evaluation.first_response.response_kind == "immediately"
        assert due(evaluation) == f"2026-06-09 {minutes}"
        assert strength_words(evaluation.first_response) == "typical time set by this portal"
        for at in ("2026-06-09 10:00", "2026-06-13 23:00"):
            assert words(CTS, priority, at).startswith(
                "The policy says “immediately”, without a figure; typically by "
            )


def test_C7_no_contact_is_promised_for_priority_4() -> None:
    evaluation = ask(CTS, "4", "2026-06-09 10:00")
    assert (state(evaluation), due(evaluation)) == ("no_promise", None)
    assert words(CTS, "4", "2026-06-09 10:00") == "There is no published time for this priority."


def test_C8_continuous_updates_are_shown_as_the_word() -> None:
    for priority, at in (("1", "2026-06-09 11:00"), ("2", "2026-06-09 14:00")):
        evaluation = ask(CTS, priority, "2026-06-09 10:00")
        assert evaluation.next_update.response_kind == "continuously"
        assert due(evaluation, "next_update") == at


def test_C9_status_updates_for_priority_3() -> None:
    assert due(ask(CTS, "3", "2026-06-09 10:00"), "next_update") == "2026-06-10 10:00"


def test_C10_people_stay_assigned() -> None:
    for priority in ("1", "2", "3"):
        assert "permanently assigned" in ask(CTS, priority, "2026-06-09 10:00").escalation.to


def test_C11_a_delivery_date_is_promised_for_priorities_3_and_4() -> None:
    promised = [level.id for level in profile(CTS).priorities if level.patch_date]
    assert promised == ["3", "4"]


def test_C12_deferred_work_is_agreed() -> None:
    assert "agree" in profile(CTS).priority("4").means[2]


def test_C13_priority_4_is_told_on_inquiry() -> None:
    evaluation = ask(CTS, "4", "2026-06-09 10:00")
    assert evaluation.next_update.words == "Ask by telephone or with the on-line status query."


def test_C14_the_customers_own_words_are_a_field() -> None:
    asked = asked_fields(profile(CTS), request_kind="problem", answers={})
    assert "own_words" in [field.id for field in asked]


def test_C15_hours_that_are_not_stated_are_marked_as_such() -> None:
    policy = profile(CTS)
    assert policy.calendar("office").basis == "default"
    assert policy.desk.hours_label == "hours not stated"
    assert any("No hours of support are stated" in note for note in policy.notes)


# Communicado


def test_D2_remote_access_is_required() -> None:
    assert profile(COM).entitlement.remote_access_required


def test_D3_levels_one_to_four() -> None:
    assert [level.id for level in profile(COM).priorities] == ["1", "2", "3", "4"]


def test_D4_no_case_number_without_a_maintenance_contract() -> None:
    contract = profile(COM).entitlement
    assert contract.contract_required
    assert contract.contract_name == "Maintenance contract"


def test_D6_the_site_needs_no_login() -> None:
    assert not profile(COM).channels["web"].login_required


def test_D8_contacts_with_a_telephone_option() -> None:
    desk = profile(COM).desk
    assert (desk.phone, desk.phone_option) == ("(866) 489-8722", "option 2")
    assert desk.email == "support@communicado-inc.com"


def test_D9_hours_are_pacific_time_all_year_round() -> None:
    assert due(ask(COM, "2", "2026-07-06 06:30")) == "2026-07-06 10:30"
    assert ask(COM, "2", "2026-07-06 06:29:59").rule == "after_hours_rule"
    assert "GMT-08:00" in profile(COM).desk.hours_label


def test_D10_national_holidays_are_promised_as_closed() -> None:
    assert due(ask(COM, "3", "2026-11-25 10:00")) == "2026-11-27 10:00"
    assert profile(COM).holidays["us-federal"].basis == "reading"


def required(answers: dict[str, object], kind: str = "problem") -> list[str]:
    return [f.id for f in required_fields(profile(COM), request_kind=kind, answers=answers)]


def test_D11_company_type_of_installation_and_location() -> None:
    assert {"company_name", "install_type", "location"} <= set(required({}))


def test_D12_database_and_server_belong_to_the_installation() -> None:
    stored = {f.id: f.stored_in for f in profile(COM).fields}
    assert {"database_type", "vxtracker_server"} <= set(required({}))
    assert stored["database_type"] == stored["vxtracker_server"] == "installation"


def test_D13_maker_and_model_of_the_exchange() -> None:
    assert {"pbx_manufacturer", "pbx_model"} <= set(required({}))


def test_D14_the_technical_contact() -> None:
    assert {"contact_name", "contact_phone", "contact_email"} <= set(required({}))


def test_D15_a_brief_description() -> None:
    assert "summary" in required({})


def test_D16_the_number_of_a_case_that_it_continues() -> None:
    assert "existing_case_number" not in required({})
    assert "existing_case_number" in required({"about_open_case": "yes"})


def test_D17_another_product_only_when_one_is_involved() -> None:
    other = "third_party_product_and_version"
    assert other not in required({"other_product_involved": "no"})
    assert other in required({"other_product_involved": "yes"})
    asked = asked_fields(
        profile(COM), request_kind="problem", answers={"other_product_involved": True}
    )
    ids = [field.id for field in asked]
    assert ids.index("other_product_involved") == ids.index(other) - 1
    assert other in [field.id for field in missing(profile(COM), {"other_product_involved": "yes"})]


def test_D18_description_steps_taken_and_priority() -> None:
    assert {"description", "steps_taken", "priority"} <= set(required({}))


def test_D20_a_fix_needs_the_steps_to_reproduce_it() -> None:
    assert "steps_to_reproduce" in required({}, "defect")
    assert "steps_to_reproduce" not in required({}, "problem")


def test_D21_upgrades_only_under_contract_and_to_the_technical_contact() -> None:
    kind = kind_of_request(profile(COM), "upgrade")
    assert kind is not None
    allowed = unmet_conditions(kind, contract_is_current=True, is_technical_contact=True)
    without = unmet_conditions(kind, contract_is_current=False, is_technical_contact=True)
    other = unmet_conditions(kind, contract_is_current=True, is_technical_contact=False)
    assert allowed == ()
    assert "contract" in without[0]
    assert "technical contact" in other[0]


def test_D22_the_stated_priority_drives_the_clock_and_may_be_changed() -> None:
    at = "2026-06-09 10:00"
    assert due(ask(COM, "3", at)) == "2026-06-10 10:00"
    raised = ask(COM, "3", at, ("priority", "2026-06-09 11:00", "1"))
    assert due(raised) == "2026-06-09 12:00"


def test_D23_open_now() -> None:
    policy = profile(COM)
    now = opening_state(policy, "office", local(policy, "2026-06-09 10:00"))
    assert now.is_open
    assert now.closes_at == local(policy, "2026-06-09 17:30")


def test_D24_outside_hours_the_clock_starts_at_the_next_opening() -> None:
    saturday = ask(COM, "3", "2026-11-21 10:00")
    assert saturday.rule == "after_hours"
    assert saturday.clock_starts_at == local(profile(COM), "2026-11-23 06:30")
    assert due(saturday) == "2026-11-23 17:30"


def test_D25_levels_1_and_2_within_four_hours_of_being_received() -> None:
    for priority in ("1", "2"):
        saturday = ask(COM, priority, "2026-11-21 22:00")
        assert (saturday.rule, due(saturday)) == ("after_hours_rule", "2026-11-23 10:30")


def test_D25_other_reading_four_hours_from_sending() -> None:
    name = "communicado-night"
    assert due(ask(name, "2", "2026-11-21 22:00")) == "2026-11-22 02:00"
    assert due(ask(name, "1", "2026-10-31 23:30")) == "2026-11-01 02:30"
    assert due(ask(name, "1", "2027-03-13 23:30")) == "2027-03-14 04:30"


def test_D26_times_in_hours_are_this_portals_own() -> None:
    at = "2026-06-09 10:00"
    expected = {"1": "06-09 11:00", "2": "06-09 14:00", "3": "06-10 10:00", "4": "06-11 10:00"}
    for priority, when in expected.items():
        evaluation = ask(COM, priority, at)
        assert due(evaluation) == f"2026-{when}"
        assert evaluation.first_response.basis == "default"


def test_D27_definitions_that_are_not_given_say_so() -> None:
    policy = profile(COM)
    assert [policy.priority(level).means[0] for level in "234"] == ["not given"] * 3
    assert policy.priority("1").report_by == ("phone",)


def test_D28_system_down_is_the_first_question() -> None:
    assert questions(profile(COM))[0].id == "system_down"
    assert settle_priority(profile(COM), {"system_down": "yes"}).priority_id == "1"


def test_D30_a_dissatisfied_customer_may_ask_for_escalation() -> None:
    evaluation = ask(COM, "3", "2026-06-09 10:00")
    told = promise_words(evaluation, now=evaluation.filing.opened_at).escalation
    assert told is not None
    assert told.text.startswith("You can ask for escalation to Manager of Technical Support")


def test_D32_escalation_times_are_guidelines_and_none_is_computed() -> None:
    assert ask(COM, "1", "2026-06-09 10:00").escalation.due_at is None
    assert "Escalation times are guidelines." in profile(COM).notes


def test_D33_every_time_says_what_it_measures() -> None:
    evaluation = ask(COM, "1", "2026-06-09 10:00")
    told = promise_words(evaluation, now=evaluation.filing.opened_at)
    assert told.measures == "This is the time to the first response, not to a resolution."


def test_every_other_reading_is_a_policy_of_its_own() -> None:
    assert due(ask("cipplanner-before-four", "minor", "2026-06-09 15:59:59")) == "2026-06-09 17:00"
    assert due(ask("cipplanner-before-four", "minor", "2026-06-09 16:00")) == "2026-06-10 17:00"
    assert policy_of("communicado-night").id == "communicado-night"
