//! The only room that knows SQL: connections and migrations, two databases behind one seam, and a file for each noun.

mod connection;
mod error;
mod migrate;
mod seam;
mod time;

mod directory;
mod incident;
mod intake;
mod notification;
mod sign_in;

pub use connection::authorities::Authorities;
pub use connection::backup::backup;
pub use connection::faults::{Faults, Moment};
pub use connection::open::Store;
pub use connection::session::Transaction;
pub use connection::url::Url;
pub use connection::writer::Writer;
pub use directory::audit::{
    AuditFilter, AuditHead, AuditPersonalRow, AuditRow, audit_after, audit_delete, audit_erase, audit_first,
    audit_head, audit_insert, audit_last_before, audit_list, audit_of_person, audit_personal_insert,
    audit_personal_list,
};
pub use directory::component::{
    ComponentRow, Provenance, component_delete, component_known, component_list, component_list_of, component_naming,
    component_save,
};
pub use directory::contact::{ContactRow, contact_forget, contact_list, contact_load, contact_save};
pub use directory::feed::{feed_generation, feed_renew};
pub use directory::history::{
    ComponentVersionRow, VersionRow, component_version_at, component_version_insert, component_version_of,
    component_version_past, version_cut, version_insert, version_last, version_list,
};
pub use directory::history::{
    RemovedBesideRow, former_component_insert, former_component_list, former_component_named, removed_beside_list,
    removed_beside_name,
};
pub use directory::hourly::{hourly_add, hourly_count, hourly_forget};
pub use directory::key::{KeyRow, key_by_digest, key_insert, key_list, key_revoke, key_revoke_of, key_used};
pub use directory::organization::{
    Held, OrganizationRow, organization_by_name, organization_changed, organization_hold, organization_insert,
    organization_known_as, organization_list, organization_load, organization_rename, organization_settle,
    organization_touch, organization_version,
};
pub use directory::push_device::{
    PushDeviceRow, push_device_delete, push_device_delete_all, push_device_gone, push_device_list,
    push_device_of_person, push_device_save, push_device_succeeded,
};
pub use directory::secret::secret_keep;
pub use directory::shift::cover::{
    cover_change, cover_due, cover_due_where, cover_forget, cover_insert, cover_list, cover_load, cover_next,
};
pub use directory::shift::handover::{HandoverRow, handover_load, handover_save};
pub use directory::shift::swap::{
    SwapRow, swap_change, swap_delete, swap_delete_all, swap_forget, swap_insert, swap_list, swap_rename,
};
pub use error::Error;
pub use incident::alert::{
    alert_count, alert_insert, alert_list, alert_load, alert_move, alert_move_all, alert_refresh, alert_regroup,
    alert_relabel, alert_release_key, alert_resolve, alert_resolve_all, alert_still_open, alert_text,
};
pub use incident::event::{
    ActedOn, event_append, event_first_list, event_latest, event_list, event_list_latest, event_of_person,
};
pub use incident::idempotency::{
    Remembered, idempotency_amend, idempotency_forget, idempotency_load, idempotency_save,
};
pub use incident::listing::{
    End, Filter, ListPlace, Sorting, incident_list, incident_list_sorted, statement as listing_statement,
};
pub use incident::number::{number_fresh, number_last, number_save};
pub use incident::pulse::{Pulse, PulseState, pulse_add, pulse_list, pulse_state, pulse_watch};
pub use incident::word::{word_note, word_rarest_first, word_unknown_where};
pub use incident::{
    incident_by_key, incident_by_number, incident_count, incident_due, incident_due_where, incident_forgotten,
    incident_free_keys, incident_insert, incident_load, incident_load_due, incident_look_again, incident_next_due,
    incident_quarantine, incident_save, incident_stranded, incident_unresolved,
};
pub use intake::change_event::{
    ChangeEventFilter, ChangeEventsOf, change_event_amend, change_event_forget, change_event_insert, change_event_list,
    change_event_load, change_event_same, change_event_with,
};
pub use intake::delivery::{DeliveryRow, delivery_forget, delivery_load, delivery_save};
pub use intake::fate::{
    FateFilter, FatesOf, fate_change, fate_forget, fate_incident_service, fate_insert, fate_latest, fate_list,
    fate_load,
};
pub use intake::group::{group_forget, group_load, group_save, group_unsaid, storm_forget, storm_load, storm_save};
pub use intake::heartbeat::{
    HeartbeatRow, heartbeat_delete, heartbeat_due, heartbeat_due_where, heartbeat_list, heartbeat_load, heartbeat_save,
};
pub use intake::key::{
    IntegrationKeyRow, integration_key_by_digits, integration_key_end_others, integration_key_insert,
    integration_key_list, integration_key_resume,
};
pub use intake::listing::{ListedProblem, ProblemsOf, problem_list, problem_of_incident};
pub use intake::payload::{PayloadRow, payload_add, payload_delete_all, payload_list};
pub use intake::problem::{
    problem_count_open, problem_due, problem_due_where, problem_forget, problem_forget_with_fates,
    problem_hurry_waiting, problem_load, problem_move, problem_move_all, problem_put_off, problem_save,
    problem_unknown,
};
pub use intake::topic::{TopicRow, topic_delete_all, topic_delete_unconfirmed, topic_list, topic_save};
pub use intake::turned_away::{
    TurnedAwayRow, turned_away_add, turned_away_delete_all, turned_away_list, turned_away_since,
};
pub use migrate::{MIGRATIONS, Migration, migrate, migrate_through, pending};
pub use notification::answer::{
    notification_by_code, notification_by_delivery, notification_code_taken, notification_confirm,
    notification_give_code, notification_undelivered,
};
pub use notification::breaker::{BreakerRow, Destination, breaker_forget, breaker_list, breaker_load, breaker_save};
pub use notification::call_off::{notification_call_off, notification_retitle};
pub use notification::claim::{
    Waiting, mailbox_due_where, message_grow, notification_claim, notification_claim_new, notification_due,
    notification_due_where, notification_next, notification_oldest, notification_release,
};
pub use notification::due::{Due, PACED, Place};
pub use notification::last_told::{last_told_load, last_told_save};
pub use notification::mailbox::{
    Closed, Mailbox, mailbox_close, mailbox_doubt, mailbox_doubt_all, mailbox_due, mailbox_first, mailbox_hold_all,
    mailbox_hold_fresh, mailbox_hold_told, mailbox_next_at, mailbox_resume, mailbox_set, mailbox_untold,
};
pub use notification::message::{
    Bundled, Contents, MessageEnd, Try, Untold, message_attempt, message_claim, message_contents, message_due,
    message_end, message_fail_one, message_leave, message_leave_dropped, message_pause, message_retry, message_untold,
};
pub use notification::pace::{pace_last, pace_load, pace_save};
pub use notification::person::{
    notice_list, notification_hurry, notification_of_person, notification_reached, notification_to_person,
};
pub use notification::settle::{AttemptRow, attempt_list, notification_drop, notification_settle};
pub use notification::{
    NotificationId, NotificationRow, notification_append, notification_append_alone, notification_list,
    notification_load,
};
pub use seam::{Dialect, Row, Tx, Value};
pub use sign_in::credential::{
    CredentialRow, FactorRow, credential_delete, credential_exists, credential_load, credential_save,
};
pub use sign_in::erasure::{
    Stretch, attempt_rewrite, audit_personal_of, author_rename, component_changed_by, component_version_rewrite,
    event_rewrite, former_person_erase, incident_by_person, incident_noted, key_erase, notification_rewrite,
    swap_rewrite, version_rewrite,
};
pub use sign_in::failure::{
    FailureRow, sign_in_failure_clear, sign_in_failure_forget, sign_in_failure_load, sign_in_failure_save,
};
pub use sign_in::former::{
    FormerPersonRow, former_person_exists, former_person_insert, former_person_list, former_person_return,
};
pub use sign_in::identity::{
    IdentityRow, ProviderSessionRow, identity_delete, identity_delete_all, identity_given, identity_insert,
    identity_list, identity_list_all, identity_load, provider_session_delete, provider_session_forget,
    provider_session_insert, provider_session_of_sid, provider_session_of_subject,
};
pub use sign_in::link::{
    LinkRow, sign_in_factor, sign_in_link_end, sign_in_link_end_all, sign_in_link_forget, sign_in_link_insert,
    sign_in_link_list, sign_in_link_load, sign_in_link_use, sign_in_possible,
};
pub use sign_in::passkey::{
    PasskeyRow, passkey_challenge_forget, passkey_challenge_use, passkey_delete, passkey_delete_all, passkey_exists,
    passkey_find, passkey_insert, passkey_list, passkey_rename, passkey_used,
};
pub use sign_in::provider::{
    ProviderRow, provider_answer_forget, provider_answer_take, provider_delete, provider_insert, provider_list,
    provider_load, provider_update,
};
pub use sign_in::recovery_code::{
    recovery_code_count, recovery_code_delete_all, recovery_code_load, recovery_code_replace, recovery_code_use,
};
pub use sign_in::saved_view::{
    SavedViewRow, saved_view_delete, saved_view_delete_all, saved_view_insert, saved_view_list, saved_view_of_author,
};
pub use sign_in::session::{
    SessionRow, session_delete, session_delete_named, session_delete_others, session_forget, session_insert,
    session_last_uses, session_list, session_load, session_used,
};
pub use time::server_time;

/// Every fixed statement of this room as `(name, sql)`, so that a test can prepare each of them on both databases.
pub fn statements() -> impl Iterator<Item = (&'static str, &'static str)> {
    const LISTS: &[&[(&str, &str)]] = &[
        incident::alert::STATEMENTS,
        directory::audit::STATEMENTS,
        intake::change_event::STATEMENTS,
        directory::component::STATEMENTS,
        directory::contact::STATEMENTS,
        directory::shift::cover::STATEMENTS,
        incident::event::STATEMENTS,
        directory::shift::handover::STATEMENTS,
        directory::feed::STATEMENTS,
        incident::idempotency::STATEMENTS,
        incident::STATEMENTS,
        directory::history::STATEMENTS,
        directory::hourly::STATEMENTS,
        directory::key::STATEMENTS,
        intake::delivery::STATEMENTS,
        intake::fate::STATEMENTS,
        intake::group::STATEMENTS,
        intake::heartbeat::STATEMENTS,
        intake::key::STATEMENTS,
        intake::listing::STATEMENTS,
        intake::payload::STATEMENTS,
        intake::problem::STATEMENTS,
        intake::topic::STATEMENTS,
        intake::turned_away::STATEMENTS,
        migrate::STATEMENTS,
        notification::STATEMENTS,
        notification::answer::STATEMENTS,
        notification::breaker::STATEMENTS,
        notification::call_off::STATEMENTS,
        notification::claim::STATEMENTS,
        notification::last_told::STATEMENTS,
        notification::mailbox::STATEMENTS,
        notification::message::STATEMENTS,
        notification::person::STATEMENTS,
        notification::settle::STATEMENTS,
        incident::number::STATEMENTS,
        incident::pulse::STATEMENTS,
        incident::word::STATEMENTS,
        directory::organization::STATEMENTS,
        notification::pace::STATEMENTS,
        directory::push_device::STATEMENTS,
        directory::secret::STATEMENTS,
        directory::shift::swap::STATEMENTS,
        sign_in::credential::STATEMENTS,
        sign_in::erasure::STATEMENTS,
        sign_in::failure::STATEMENTS,
        sign_in::former::STATEMENTS,
        sign_in::identity::STATEMENTS,
        sign_in::link::STATEMENTS,
        sign_in::passkey::STATEMENTS,
        sign_in::provider::STATEMENTS,
        sign_in::recovery_code::STATEMENTS,
        sign_in::saved_view::STATEMENTS,
        sign_in::session::STATEMENTS,
    ];
    LISTS.iter().flat_map(|list| list.iter().copied())
}
