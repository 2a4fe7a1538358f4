//! Every story of `crates/checks/stories`, each a test of its own. The form of the files is told in `checks::story`.

use std::collections::BTreeSet;

/// One test for each story, named as its file.
macro_rules! stories {
    ($($name:ident)*) => {
        const PLAYED: &[&str] = &[$(stringify!($name)),*];

        $(
            #[test]
            fn $name() {
                checks::play(stringify!($name));
            }
        )*
    };
}

stories! {
    a_code_proves_that_a_telephone_is_its_owners
    a_contact_that_is_not_verified_is_not_used
    a_destination_that_keeps_failing_is_paused_and_the_incident_says_so
    a_digit_on_the_telephone_acts_in_the_name_of_who_was_called
    a_feed_tells_of_shifts_until_its_url_is_renewed
    a_group_of_two_is_on_duty_together
    a_high_incident_calls_after_two_minutes_and_again_after_seven
    a_killed_server_loses_no_page
    a_ladder_has_as_many_levels_as_it_needs
    a_layer_counts_from_its_first_day_to_the_day_before_its_end
    a_message_that_breaks_its_carrier_holds_up_nobody
    a_level_mixes_people_and_routines
    a_level_waits_from_one_minute_to_a_week
    a_link_ends_after_a_day
    a_link_that_was_changed_does_nothing
    a_mail_scanner_that_fetches_a_link_acknowledges_nothing
    a_medium_incident_comes_by_sms_after_five_minutes
    a_message_that_is_tried_again_says_the_same
    a_message_that_never_arrived_goes_to_the_next_channel
    a_message_that_was_taken_without_an_answer_comes_twice_rather_than_never
    a_minor_incident_comes_by_email_only
    a_night_shift_belongs_to_the_day_it_began
    a_night_shift_is_not_left_alone_when_summer_time_begins
    a_night_shift_is_not_left_alone_when_summer_time_ends
    a_number_that_the_telephone_carrier_refuses_is_given_up
    a_page_that_waits_to_be_tried_again_ends_with_the_acknowledgement
    a_permanent_failure_goes_to_the_next_channel_at_once
    a_person_who_is_asked_directly_is_asked_every_five_minutes
    a_policy_that_restarts_asks_the_first_level_again
    a_preview_shows_what_would_change_and_changes_nothing
    a_raised_urgency_pages_again_by_the_louder_rules
    a_receiver_that_never_answers_is_asked_again
    a_reply_by_text_message_acts_in_the_name_of_its_sender
    a_reply_that_the_carrier_did_not_sign_does_nothing
    a_role_never_decides_who_is_paged
    a_routine_that_changes_counts_from_the_next_notification_on
    a_schedule_is_told_in_half_open_intervals_across_a_clock_change
    a_second_alert_with_the_same_key_wakes_nobody
    a_shift_of_23_59_from_midnight_means_the_whole_day
    a_shift_that_begins_in_a_missing_hour_begins_after_it
    a_snoozed_incident_is_quiet_until_the_snooze_is_over
    a_step_is_looked_at_again_when_it_is_due
    a_storm_becomes_few_messages_that_count_and_list
    a_swap_made_in_the_middle_of_an_incident_counts_at_once
    a_swap_replaces_one_person_and_leaves_the_others_alone
    a_telephone_carrier_that_asks_for_a_pause_is_given_it
    a_telephone_carrier_that_breaks_is_asked_again
    a_telephone_carrier_that_never_answers_is_asked_again
    a_temporary_failure_is_tried_again_after_growing_waits
    a_webhook_is_verified_by_any_of_its_secrets
    a_webhook_to_a_closed_network_is_refused_and_said
    added_responders_are_asked_at_once_and_nobody_else_is
    an_absorbed_incident_pages_nobody_any_more
    an_acknowledged_incident_that_nobody_resolves_comes_back
    an_acknowledgement_drops_the_calls_that_were_to_come
    an_email_is_the_last_resort
    an_empty_group_is_a_gap_and_the_next_level_is_asked_at_once
    an_exception_replaces_exactly_its_own_hours
    an_exception_touches_its_own_routine_only
    an_incident_that_nobody_can_be_found_for_is_tried_every_minute
    an_invalid_routine_is_refused_by_layer_and_field
    codes_cannot_be_guessed
    coverage_names_the_gaps_of_the_first_level
    every_chat_is_told_in_its_own_form
    every_notification_has_a_fate_that_can_be_looked_up
    everybody_who_is_subscribed_hears_of_updates_and_the_end
    going_on_call_and_off_call_is_told_at_the_change
    handed_over_and_confirmed_are_two_figures
    layers_at_the_same_time_unite
    lint_warns_of_what_nobody_can_want
    mails_about_one_incident_are_one_thread
    nobody_of_a_layer_is_on_call_on_a_skipped_day
    nobody_on_any_level_is_the_fallback_policys_to_answer
    one_answer_to_a_storm_acknowledges_all_of_it
    one_policy_serves_many_services
    only_a_2xx_is_a_success
    own_rules_say_when_and_by_what
    second_level_hears_when_first_is_silent
    text_messages_and_calls_are_strictly_limited_in_an_hour
    the_last_level_is_asked_again_until_somebody_acts
    the_next_level_drops_the_calls_that_were_to_come
    the_next_shift_is_asked_when_the_incident_outlives_the_first
    two_people_take_turns_week_by_week
    what_is_done_from_a_chat_is_recorded_as_chat
    who_is_on_call_is_told_for_every_policy_and_level
    whoever_escalates_is_told_when_nobody_is_left
}

#[test]
fn every_story_in_the_folder_is_played() {
    let folder = std::fs::read_dir(checks::STORIES).expect("the folder of the stories");
    let files = folder.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"));
    let names: BTreeSet<String> = files.map(|file| file.strip_suffix(".story").unwrap_or(&file).to_owned()).collect();
    let played: BTreeSet<String> = PLAYED.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(names, played, "the folder, and the list in this file");
}
