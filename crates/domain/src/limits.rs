//! Every bound of the product that a caller can meet, in one place (contract §1).

use std::ops::RangeInclusive;

/// Characters in a title.
pub const TITLE_CHARACTERS: usize = 512;
/// Bytes in a description.
pub const DESCRIPTION_BYTES: usize = 128 * 1024;
/// Bytes in one note.
pub const NOTES_BYTES: usize = 32 * 1024;
/// Bytes in one status update.
pub const STATUS_UPDATE_BYTES: usize = 8 * 1024;
/// Tags on an incident.
pub const TAGS: usize = 50;
/// Characters in a tag.
pub const TAG_CHARACTERS: usize = 128;
/// Targets of an incident.
pub const TARGETS: usize = 100;
/// Subscribers of an incident.
pub const SUBSCRIBERS: usize = 500;
/// Shortest snooze, minutes.
pub const SNOOZE_MINUTES_LEAST: u32 = 1;
/// Longest snooze, minutes: 30 days.
pub const SNOOZE_MINUTES_MOST: u32 = 30 * 24 * 60;
/// Bytes in a dedup key.
pub const DEDUP_KEY_BYTES: usize = 255;
/// Characters in the name of a component, a username or a reference to one.
pub const NAME_CHARACTERS: usize = 255;
/// Incidents or components in one answer, unless asked otherwise.
pub const PAGE_DEFAULT: u32 = 500;
/// Components in one answer of `GET /list/{type}`, unless asked otherwise.
pub const COMPONENTS_DEFAULT: u32 = 1000;
/// Components of the directory on a page, when no limit is given.
pub const COMPONENTS_ON_PAGE: u32 = 100;
/// Keys of an organization that are not revoked.
pub const KEYS: usize = 1000;
/// Pages that a person sends themselves in an hour to see that they are reached.
pub const TEST_PAGES_AN_HOUR: u32 = 5;
/// Minutes after which such a page is over, if nobody has answered it: longer than the defaults take to call.
pub const TEST_PAGE_MINUTES: u32 = 10;
/// Rows of each kind that are told at once of all that is held about a person.
pub const PERSON_DATA_ROWS: u32 = 500;
/// Numbers of incidents among which is looked at once for what is held about a person.
pub const PERSON_DATA_INCIDENTS: i64 = 10_000;
/// Incidents that are told at most in whose notes the name of somebody stands who is erased.
pub const ERASED_NOTES: u32 = 100;
/// Tokens of a person that are not revoked.
pub const TOKENS: usize = 100;
/// Days after which a token is refused that does not say when.
pub const TOKEN_DAYS: u32 = 90;
/// Days for which a token may count at most.
pub const TOKEN_DAYS_MOST: u32 = 365;
/// Days that an organization may set for its tokens.
pub const TOKEN_DAYS_SET: RangeInclusive<u32> = 1..=TOKEN_DAYS_MOST;
/// Days for which versions of a directory are kept.
pub const VERSION_DAYS: u32 = 400;
/// Days that an organization may set for that.
pub const VERSION_DAYS_SET: RangeInclusive<u32> = 30..=3650;
/// Teams to whose things a key is limited at most.
pub const KEY_TEAMS: usize = 100;
/// Hours for which the key of an integration that is not the newest one counts on, unless asked otherwise.
pub const OVERLAP_HOURS: u32 = 24;
/// The same, at most: 30 days.
pub const OVERLAP_HOURS_MOST: u32 = 30 * 24;
/// Bytes of a directory file that is sent for its plan.
pub const DIRECTORY_FILE_BYTES: usize = 1_000_000;
/// Changes of the directory that are made at once.
pub const CHANGES_AT_ONCE: usize = 1000;
/// Most rows in one answer.
pub const PAGE_MOST: u32 = 5000;
/// Minutes of a level of an escalation policy.
pub const LEVEL_MINUTES_MOST: u32 = 10_080;
/// Minutes after which a step of a notification rule is due, at most: the longest level.
pub const RULE_MINUTES_MOST: u32 = LEVEL_MINUTES_MOST;
/// Steps of a notification rule.
pub const RULE_STEPS: usize = 20;
/// Wait of an acknowledged incident without a service, minutes (contract §3).
pub const ACKNOWLEDGEMENT_MINUTES: u32 = 15;
/// Wait of a user's own one-level policy, minutes (on-call §1).
pub const OWN_POLICY_MINUTES: u32 = 5;
/// Wait of an incident that nobody can be found for, minutes (contract §3).
pub const STRANDED_MINUTES: u32 = 1;
/// Bytes in the head of a request, all its headers together.
pub const HEAD_BYTES: usize = 64 * 1024;
/// Mistakes of one request after which no further entry of a list is looked at.
pub const MISTAKES: usize = 100;
/// Bytes in a form that a telephone carrier sends; the longest text message has 1,600 characters.
pub const CARRIER_FORM_BYTES: usize = 64 * 1024;
/// Bytes in an `Idempotency-Key`.
pub const IDEMPOTENCY_KEY_BYTES: usize = 255;
/// Hours for which an `Idempotency-Key` is remembered.
pub const IDEMPOTENCY_HOURS: u32 = 24;
/// Hours after which a notice to subscribers that cannot be delivered is given up.
pub const NOTICE_HOURS: u32 = 24;
/// Characters kept of what a carrier answered.
pub const ANSWER_CHARACTERS: usize = 512;
/// Rows of the audit log in one answer, unless asked otherwise.
pub const AUDIT_PAGE_DEFAULT: u32 = 100;
/// Most rows of the audit log in one answer.
pub const AUDIT_PAGE_MOST: u32 = 1_000;
/// Bytes of a value in the audit log; of a longer one only the digest is written.
pub const AUDIT_VALUE_BYTES: usize = 16 * 1024;
/// Characters kept in the audit log of what a program calls itself.
pub const AUDIT_USER_AGENT_CHARACTERS: usize = 200;
/// Longest wait between two attempts at one notification, seconds.
pub const RETRY_SECONDS_MOST: u32 = 300;
/// Time for which a claimed notification belongs to the node that claimed it, seconds.
pub const LEASE_SECONDS: u32 = 60;
/// Hours for which a link in a message, a code or a carrier's receipt is accepted.
pub const LINK_HOURS: u32 = 24;
/// Digits of the code by which a reply names a message.
pub const REPLY_DIGITS: usize = 5;
/// Wrong codes from one telephone number within an hour, after which no further one is looked at.
pub const WRONG_CODES: u32 = 5;
/// Characters in a text message.
pub const SMS_CHARACTERS: usize = 300;
/// Notifications that go out as one message.
pub const BUNDLE_NOTIFICATIONS: u32 = 10_000;
/// Notifications that go out as one message to a destination that failed when it was tried last.
pub const BUNDLE_DOUBTED: u32 = 20;
/// Incidents that one message names by their titles; the others are listed by their numbers.
pub const BUNDLE_TITLES: usize = 20;
/// Temporary failures in a row after which a target is left alone.
pub const BREAKER_FAILURES: u32 = 5;
/// The first pause of a destination that keeps failing, seconds.
pub const PAUSE_SECONDS_LEAST: u32 = 30;
/// The longest pause of a destination that keeps failing, seconds.
pub const PAUSE_SECONDS_MOST: u32 = 300;
/// Seconds after which nothing more is expected of a message that was to find out whether a destination works again.
pub const PROBE_SECONDS: u32 = 15;
/// Time by which an incident or a notification may be late before the auditor says so, seconds.
pub const AUDIT_LATE_SECONDS: u32 = 60;
/// Minutes for which the repeats of an alert open nothing after a person resolved its incident, at most: a week.
pub const REMIND_MINUTES_MOST: u32 = 7 * 24 * 60;
/// Minutes for which word that a problem is over, which came before word that it began, is remembered.
pub const EARLY_RESOLVE_MINUTES: u32 = 5;
/// Minutes by which a sender's clock may be ahead.
pub const FUTURE_MINUTES: u32 = 5;
/// Age of the oldest time of a sender's that is believed, microseconds: 30 days.
pub const PAST_MICROS: i64 = 30 * 86_400_000_000;
/// Links of an alert.
pub const LINKS: usize = 20;
/// Pictures of an alert.
pub const IMAGES: usize = 5;
/// Bytes in the address of a link or picture.
pub const LINK_BYTES: usize = 8 * 1024;
/// Alerts of a group, after which another begins.
pub const GROUP_ALERTS: u32 = 1_000;
/// Fields by which alerts are grouped.
pub const GROUP_FIELDS: usize = 10;
/// Minutes for which a group takes further alerts, at most: a day.
pub const GROUP_MINUTES_MOST: u32 = 24 * 60;
/// Incidents that integrations open on a service within a minute, after which further alerts are one storm.
pub const STORM_INCIDENTS: u32 = 60;
/// Minutes within which an incident that ended by itself is opened again, at most: a week.
pub const REOPEN_MINUTES_MOST: u32 = 7 * 24 * 60;
/// Seconds after which an alert counts as over that was to be heard of again.
pub const EXPIRY_SECONDS: u32 = 30;
/// Minutes after which an alert counts as over that its sender never resolves, at most: 30 days.
pub const RESOLVE_AFTER_MINUTES_MOST: u32 = 30 * 24 * 60;
/// Seconds for which an alert may wait before it opens an incident.
pub const HOLD_SECONDS_MOST: u32 = 900;
/// Changes of an alert after which it is flapping, where its service says nothing.
pub const FLAP_CHANGES: u32 = 6;
/// The same at most.
pub const FLAP_CHANGES_MOST: u32 = 100;
/// Minutes within which so many changes make an alert flapping, where its service says nothing.
pub const FLAP_MINUTES: u32 = 30;
/// Quiet minutes after which an alert is flapping no more, where its service says nothing.
pub const FLAP_QUIET_MINUTES: u32 = 15;
/// Either of these at most: a day.
pub const FLAP_MINUTES_MOST: u32 = 24 * 60;
/// Bytes in a body of a monitoring tool: a group of 10,000 alerts is one body of some megabytes.
pub const INTAKE_BYTES: usize = 16 * 1024 * 1024;
/// Alerts in one such body.
pub const INTAKE_ALERTS: usize = 20_000;
/// People and policies that a sender may name beside those of its integration.
pub const RESPONDERS: usize = 50;
/// How long before an incident began a change is shown beside it, microseconds: a day.
pub const CHANGES_BEFORE: i64 = 86_400_000_000;
/// Days after which a problem that is over is forgotten.
pub const PROBLEM_DAYS: i64 = 7;
/// Seconds within which a heartbeat is heard of again, at least.
pub const HEARTBEAT_SECONDS_LEAST: u32 = 60;
/// The same at most: 31 days.
pub const HEARTBEAT_SECONDS_MOST: u32 = 31 * 86_400;
/// Seconds by which a heartbeat may be late, at most: a week.
pub const GRACE_SECONDS_MOST: u32 = 7 * 86_400;
/// Bytes kept of what a heartbeat says.
pub const HEARTBEAT_BYTES: usize = 10 * 1024;
/// Runs of a heartbeat that are followed at the same time by ids of their own; the start of a further one counts as one without.
pub const HEARTBEAT_RUNS: usize = 100;
/// Bytes kept of a body, for whoever sets up the sender.
pub const PAYLOAD_BYTES: usize = 64 * 1024;
/// Bodies kept of an integration, of those that were read and of those that were not.
pub const PAYLOADS_KEPT: i64 = 50;
/// Bytes of a template.
pub const TEMPLATE_BYTES: usize = 8 * 1024;
/// Bytes of the text that a template comes to.
pub const TEMPLATE_OUTPUT_BYTES: usize = 64 * 1024;
/// Work that a template may do, in the units of its library: an instruction, or 64 bytes that are read or made.
pub const TEMPLATE_FUEL: u64 = 20_000;
/// Work that all templates of one body may do.
pub const TEMPLATES_FUEL: u64 = 4_000_000;
/// Alerts of a body that are told when reading is tried out.
pub const TRIED_ALERTS: usize = 100;
/// Words of a title by which its incident is found, and of a search.
pub const WORDS_OF_TITLE: usize = 40;
/// Characters of such a word.
pub const WORD_CHARACTERS: usize = 64;
/// Alerts of a test that is sent to an integration.
pub const TEST_ALERTS: usize = 10;
/// Places in which a mapping looks for one field.
pub const SOURCES: usize = 20;
/// Bytes of a JSON pointer.
pub const POINTER_BYTES: usize = 1024;
/// Conditions of a mapping or an enrichment for one thing.
pub const CONDITIONS: usize = 100;
/// Enrichments of an integration.
pub const ENRICHMENTS: usize = 100;
/// Rows in the tables of all enrichments of an integration.
pub const LOOKUP_ROWS: usize = 10_000;
/// Bytes in the secret with which a sender signs.
pub const SIGNING_SECRET_BYTES: usize = 1024;
/// Networks that an integration may be sent to from.
pub const NETWORKS: usize = 100;
/// Topics of Amazon SNS that an integration takes.
pub const TOPICS: usize = 20;
/// Entries of the hours in which a service is supported.
pub const SUPPORT_HOURS: usize = 50;
/// Days on which no hours begin.
pub const HOLIDAYS: usize = 1_000;
/// Words of a sender that an integration gives an urgency of its own.
pub const SEVERITIES: usize = 100;
/// Bytes of a mail.
pub const MAIL_BYTES: usize = 10 * 1024 * 1024;
/// Rules by which an integration reads its mail.
pub const MAIL_RULES: usize = 100;
/// Conditions of one of them.
pub const MAIL_CONDITIONS: usize = 20;
/// Addresses and domains that an integration takes mail from.
pub const MAIL_SENDERS: usize = 1_000;
/// Mails of one sender that open incidents within an hour, after which further ones are one storm.
pub const MAIL_SENDER_HOURLY: u32 = 60;
/// Earlier mails of a thread that are looked for.
pub const MAIL_THREAD: usize = 50;
/// Layers of a routine.
pub const LAYERS: usize = 100;
/// Groups that take turns in a layer.
pub const GROUPS: usize = 1000;
/// People in one group.
pub const GROUP_USERS: usize = 100;
/// Days of one group's turn: 10 years.
pub const ROTATION_DAYS_MOST: u32 = 3660;
/// Swaps of a routine.
pub const SWAPS: usize = 1000;
/// Days for which the next change of who is on call is looked for.
pub const ON_CALL_DAYS: i64 = 366;
/// Days of a period for which a schedule is answered: 10 years.
pub const SCHEDULE_DAYS: i64 = 3660;
/// People that are looked at to work out a schedule, each with each swap; a larger routine is asked for fewer days.
pub const SCHEDULE_STEPS: i64 = 200_000_000;
/// Bytes of names in a schedule; a larger routine is asked for fewer days.
pub const SCHEDULE_BYTES: i64 = 64 * 1024 * 1024;
/// Days of a period for which a schedule is answered where its end is not given.
pub const SCHEDULE_DAYS_DEFAULT: u32 = 28;
/// Swaps that a preview may add.
pub const PREVIEW_SWAPS: usize = 100;
/// Requests for cover of one person that are open.
pub const COVERS: usize = 20;
/// People who are asked by one of them.
pub const COVER_ASKED: usize = 20;
/// Days of the shift that others are asked to take.
pub const COVER_DAYS: u32 = 31;
/// Hours before a shift at which whoever asked is told that nobody has taken it yet.
pub const COVER_TOLD_HOURS: u32 = 12;
/// Days before and after a shift in which is counted how much people are on call who could take it.
pub const COVER_LOAD_DAYS: u32 = 14;
/// People who could take a shift that are told.
pub const COVER_CANDIDATES: usize = 100;
/// Days for which a request for cover is kept once its shift is over.
pub const COVER_KEPT_DAYS: u32 = 30;
/// Days for which a swap that is over is kept, and what a routine was before it was changed, so that a schedule of the past is told as it was.
pub const SWAP_KEPT_DAYS: u32 = 400;
/// Changes of a routine of which is kept what it was before.
pub const FORMERS: usize = 100;
/// Names that are kept of what a routine was, beside those of what it was last.
pub const FORMER_NAMES: usize = 10_000;
/// Days before today that a calendar feed tells of.
pub const FEED_DAYS_BACK: i64 = 31;
/// Days from today on that a calendar feed tells of.
pub const FEED_DAYS_AHEAD: i64 = 366;
/// Minutes for which a code that verifies a contact counts.
pub const CODE_MINUTES: u32 = 10;
/// Digits of such a code.
pub const CODE_DIGITS: usize = 6;
/// Codes sent to one contact in an hour.
pub const CODES_AN_HOUR: u32 = 5;
/// Times that a code may be tried.
pub const CODE_TRIES: u32 = 5;
/// Days in which lint looks for times when nobody is on call.
pub const LINT_DAYS: i64 = 28;
/// Minutes of one maintenance window, at most: 30 days.
pub const WINDOW_MINUTES_MOST: u32 = 30 * 24 * 60;
/// Bytes in the text of a rule of recurrence, and in a cron expression.
pub const RECURRENCE_BYTES: usize = 1024;
/// The largest `INTERVAL` of a rule of recurrence.
pub const RECURRENCE_INTERVAL_MOST: u32 = 1000;
/// Dates and times left out of a recurrence.
pub const EXDATES: usize = 500;
/// Occurrences of a recurrence that are looked at for one question.
pub const OCCURRENCES: usize = 500;
/// Days, weeks, months or years of a rule of recurrence that are looked at for one question.
pub const RECURRENCE_STEPS: u32 = 10_000;
/// Years within which a rule of recurrence must occur, and for which the next time of a cron expression is looked for.
pub const RECURRENCE_YEARS: i64 = 5;
/// Characters that a password must have where it stands alone.
pub const PASSWORD_CHARACTERS_ALONE: usize = 15;
/// Characters that a password must have beside a second factor.
pub const PASSWORD_CHARACTERS_WITH_FACTOR: usize = 12;
/// Most characters of a password.
pub const PASSWORD_CHARACTERS_MOST: usize = 256;
/// Hours without use after which a session is over.
pub const SESSION_IDLE_HOURS: u32 = 336;
/// Hours that an organization may set for that.
pub const SESSION_IDLE_HOURS_SET: RangeInclusive<u32> = 1..=2160;
/// Days after which a session is over in any case.
pub const SESSION_DAYS: u32 = 90;
/// Days that an organization may set for that.
pub const SESSION_DAYS_SET: RangeInclusive<u32> = 1..=365;
/// Minutes for which a sign-in is fresh, as what is dangerous asks for.
pub const FRESH_MINUTES: u32 = 10;
/// Failed sign-ins in a row after which there is a wait.
pub const SIGN_IN_TRIES: u32 = 5;
/// Longest wait after failed sign-ins, seconds.
pub const SIGN_IN_WAIT_SECONDS_MOST: u32 = 900;
/// Failed sign-ins from one network in an hour, whatever the accounts.
pub const SIGN_INS_OF_NETWORK_AN_HOUR: u32 = 100;
/// New passwords that are asked for from one network in an hour.
pub const RESETS_OF_NETWORK_AN_HOUR: u32 = 20;
/// Links to a new password that a person is sent in an hour.
pub const RESETS_OF_PERSON_AN_HOUR: u32 = 5;
/// Passwords that are hashed at the same time.
pub const HASHES_AT_ONCE: usize = 2;
/// Passwords that may wait to be hashed.
pub const HASHES_WAITING: usize = 32;
/// Characters kept of a browser's name for itself.
pub const DEVICE_CHARACTERS: usize = 200;
/// Recovery codes of a second factor.
pub const RECOVERY_CODES: u32 = 10;
/// Signs of a recovery code, of five bits each.
pub const RECOVERY_CODE_SIGNS: usize = 16;
/// Passkeys of a person.
pub const PASSKEYS: usize = 20;
/// Characters in the name of a passkey.
pub const PASSKEY_NAME_CHARACTERS: usize = 64;
/// Views of the list of incidents that a person saved for themselves.
pub const OWN_VIEWS: usize = 50;
/// Views of it that are shared with everybody.
pub const SHARED_VIEWS: usize = 100;
/// Characters in the name of one.
pub const VIEW_NAME_CHARACTERS: usize = 100;
/// Bytes of the filters of one, as they stand in an address.
pub const VIEW_QUERY_BYTES: usize = 2_000;
/// Browsers of a person that are pushed to.
pub const DEVICES: usize = 10;
/// Characters in the name of one.
pub const DEVICE_NAME_CHARACTERS: usize = 64;
/// Bytes in the address of one, at its push service.
pub const DEVICE_ENDPOINT_BYTES: usize = 1_000;
/// Minutes within which a browser answers what it was asked to do with a passkey.
pub const PASSKEY_MINUTES: u32 = 5;
/// Bytes in a form of the console.
pub const FORM_BYTES: usize = 64 * 1024;
/// Providers of OpenID Connect of an organization.
pub const PROVIDERS: usize = 20;
/// Characters in the name of a provider, which stands in addresses.
pub const PROVIDER_NAME_CHARACTERS: usize = 64;
/// Bytes in the issuer of a provider, and in a secret that it was given.
pub const PROVIDER_TEXT_BYTES: usize = 1000;
/// Scopes that a provider is asked for.
pub const PROVIDER_SCOPES: usize = 20;
/// Groups, and domains, of which a provider says what they give.
pub const PROVIDER_RULES: usize = 200;
/// Groups of a person that are looked at, of those that a provider tells.
pub const PROVIDER_GROUPS_READ: usize = 2000;
/// Hours that a provider may set for the length of its sessions.
pub const PROVIDER_SESSION_HOURS_MOST: u32 = SESSION_DAYS * 24;
/// Minutes within which somebody must come back from a provider.
pub const PROVIDER_SIGN_IN_MINUTES: u32 = 10;
