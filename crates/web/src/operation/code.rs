//! The one table of error codes: what feeds answers, the OpenAPI document, the docs page and `docs/errors.md`.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $title:literal, $explanation:literal;)*) => {
        /// A stable, machine-readable reason for an error (contract §1, `code`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// Every code, in the order in which they are documented.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its spelling on the wire.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }

            /// What it says in a few words (`title`).
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)*
                }
            }

            /// When it occurs and what to do about it.
            pub fn explanation(self) -> &'static str {
                match self {
                    $(Self::$name => $explanation,)*
                }
            }
        }
    };
}

codes! {
    /// The body does not parse.
    MalformedJson = "malformed_json", "The body is not JSON",
        "The body could not be read as JSON. The error names the line and column. Nothing was done.";
    /// Fields are missing or break a limit.
    InvalidFields = "invalid_fields", "Some fields are missing or invalid",
        "Each entry of `errors` names a field and what is wrong with it, with the limit that it breaks. All \
         mistakes are told at once. Nothing was done.";
    /// The header is empty, too long or not plain text.
    InvalidIdempotencyKey = "invalid_idempotency_key", "The Idempotency-Key header is invalid",
        "An Idempotency-Key has 1 to 255 visible ASCII characters. Nothing was done.";
    /// A create names no service, policy or user.
    NobodyNamed = "nobody_named", "Nobody is named who could respond",
        "An incident needs at least one of a service, an escalation policy and a user.";
    /// A list on the incident would grow over its limit.
    TooMany = "too_many", "A list would grow over its limit",
        "Together with what is there already, the list would break its limit. The error names the limit. \
         Nothing was done.";
    /// No key was sent.
    MissingKey = "missing_key", "No key was sent",
        "Send the header `Authorization: token KEY`.";
    /// The key is not known.
    UnknownKey = "unknown_key", "The key is not known",
        "The key was mistyped, or belongs to another server.";
    /// No integration has the key.
    UnknownIntegrationKey = "unknown_integration_key", "No integration has this key",
        "The key in the URL was mistyped, or was renewed more than a day ago. `GET /list/integrations` tells the URL. \
         Nothing was taken in.";
    /// The key has expired.
    ExpiredKey = "expired_key", "The key has expired",
        "Make a new key.";
    /// The key was revoked.
    RevokedKey = "revoked_key", "The key was revoked",
        "Make a new key, and ask who revoked this one.";
    /// The key does not allow the caller's address.
    AddressNotAllowed = "address_not_allowed", "The key may not be used from this address",
        "The key, or the integration that it belongs to, is limited to networks, and the request came from another one.";
    /// What claims to come from the telephone carrier or a monitoring tool is not signed by it.
    InvalidSignature = "invalid_signature", "The request is not signed by who is to send it",
        "Requests below `/v1/carrier` are taken from the configured telephone carrier only, which signs the URL under \
         `server.public_url`; those to an integration with a `secret` only from the tool that signs with it. Nothing \
         was done.";
    /// The key's scope is too small.
    ScopeTooSmall = "scope_too_small", "The key's scope is too small",
        "The operation needs a larger scope. The error names it.";
    /// The session is over.
    SignedOut = "signed_out", "Nobody is signed in",
        "The session ended, was ended, or never was. Sign in at `/app/sign-in`.";
    /// The name, the password or the code is wrong.
    SignInRefused = "sign_in_refused", "The sign-in was refused",
        "The name, the password or the code is wrong, or the person may not sign in; which of it, nobody is told.";
    /// A page of another site asks for a change.
    CrossSite = "cross_site", "The request comes from another site",
        "What changes something with a session must come from a page of this server, as the browser says by          `Sec-Fetch-Site` or `Origin`. Nothing was done.";
    /// The person's role does not allow it.
    NotAllowed = "not_allowed", "Your role does not allow it",
        "The error says which role, or which role in a team, it needs. Nothing was done.";
    /// A person names another as who acts.
    NotInYourName = "not_in_your_name", "You act in your own name only",
        "Only a key of the organization acts in the name of whom it says. Leave `by` out. Nothing was done.";
    /// The person must have a second factor.
    SecondFactorNeeded = "second_factor_needed", "Set up a second factor first",
        "The organization wants that people of your role have a second factor or a passkey. Set one up at \
         `/app/me/security`. Nothing was done.";
    /// It wants a sign-in of the last minutes.
    FreshSignInNeeded = "fresh_sign_in_needed", "It wants a fresh sign-in",
        "What is dangerous wants that one signed in within the last ten minutes. Nothing was done.";
    /// The path is not known.
    UnknownPath = "unknown_path", "There is nothing at this path",
        "The path is mistyped. See the list of operations.";
    /// No such incident.
    UnknownIncident = "unknown_incident", "There is no such incident",
        "The organization of the key has no incident with this number. Use the global `instance_id`, not the \
         number within the organization.";
    /// No such alert.
    UnknownAlert = "unknown_alert", "There is no such alert",
        "The alert does not exist, or has moved to another incident. See the operation `alerts`.";
    /// No such component.
    UnknownComponent = "unknown_component", "There is no such component",
        "A user, policy, service or other component that the request names does not exist. The error names the \
         field and the id. See `GET /list/{type}`.";
    /// No such contact.
    UnknownContact = "unknown_contact", "The person has no such contact",
        "The directory gives the person no contact of this channel, or the device was removed.";
    /// No such notification.
    UnknownNotification = "unknown_notification", "The incident has no such notification",
        "The id is mistyped, or belongs to another incident. See `GET /v1/incidents/{instance_id}/notifications`.";
    /// No such swap.
    UnknownSwap = "unknown_swap", "The routine has no such swap",
        "The swap was taken back already, or belongs to another routine. See `GET /v1/routines/{routine_ref_id}/swaps`.";
    /// No such request for cover.
    UnknownCover = "unknown_cover", "There is no such request for cover",
        "You did not make it, and are not asked by it, or it is over for long. See `GET /v1/me/cover-requests`.";
    /// No such layer.
    UnknownLayer = "unknown_layer", "The routine has no such layer",
        "The routine has no layer, or no exception, of this number any more. See `GET /v1/routines/{routine_ref_id}/layers` and \
         `GET /v1/routines/{routine_ref_id}/exceptions`.";
    /// No such version.
    UnknownVersion = "unknown_version", "The directory has no such version",
        "See `GET /v1/directory/versions`. Old versions are forgotten after a time.";
    /// No such key.
    UnknownApiKey = "unknown_api_key", "There is no such key",
        "The organization has no key of this number that counts. See `GET /v1/keys`.";
    /// No such token.
    UnknownToken = "unknown_token", "There is no such token",
        "The person has no token of this number that counts. See `GET /v1/me/tokens`.";
    /// No such invitation.
    UnknownInvitation = "unknown_invitation", "There is no such invitation",
        "The person was not asked in, or followed the link already. See `GET /v1/invitations`.";
    /// Another method is needed.
    MethodNotAllowed = "method_not_allowed", "The path does not take this method",
        "The header `Allow` names the methods that the path takes.";
    /// The incident is resolved.
    AlreadyResolved = "already_resolved", "The incident is already resolved",
        "A resolved incident cannot be changed any more; notes can still be added. A script that resolves can \
         take this answer as success.";
    /// The incident is not acknowledged.
    NotAcknowledged = "not_acknowledged", "The incident is not acknowledged",
        "Only an acknowledged incident can be un-acknowledged.";
    /// No policy has a further level.
    NoFurtherLevel = "no_further_level", "There is no further level",
        "Every policy of the incident is on its last level already, or nobody on a further level can be reached. Add \
         responders or reassign the incident instead.";
    /// The alert is the incident's only one.
    OnlyAlert = "only_alert", "The alert is the incident's only one",
        "An incident keeps at least one alert.";
    /// Both ids are the same.
    MergedWithItself = "merged_with_itself", "An incident cannot be merged with itself",
        "`instance_id` and `related_instance_id` must be different incidents.";
    /// The contact needs no proof.
    NothingToVerify = "nothing_to_verify", "The contact needs no proof",
        "Only contacts by sms, voice, chat and push are verified by a code, and this one may be verified already. A \
         script can take this answer as success.";
    /// No code counts.
    NoCode = "no_code", "No code counts for the contact",
        "None was sent to the present address, it is older than ten minutes, or it was tried too often. Have a new one \
         sent.";
    /// The code is another one.
    WrongCode = "wrong_code", "The code is not the one that was sent",
        "The error says how often the code can still be tried. The contact stays as it was.";
    /// Enough codes were sent.
    TooManyCodes = "too_many_codes", "Too many codes were sent to the contact",
        "Wait for the seconds in `Retry-After`. Nothing was sent.";
    /// The request for cover is closed.
    CoverClosed = "cover_closed", "The request for cover is closed",
        "Somebody took the shift, whoever asked needs nobody any more, the shift has begun, or it is not what it was; the error says \
         which. Nothing was changed.";
    /// Another component has the name.
    NameTaken = "name_taken", "Another component has this name",
        "Names are unique among the components of a kind; those of people whatever the case of their letters. Nothing was \
         changed.";
    /// Something refers to what would be removed.
    StillNamed = "still_named", "Something still refers to it",
        "Other components or unresolved incidents refer to what would be removed; the errors name them. With \
         `replace_with`, components are pointed at another one first. Nothing was changed.";
    /// The person is there already.
    AlreadyInvited = "already_invited", "The person is there already",
        "The address is that of somebody who is there, or the person signed in already. To send another link, use \
         `POST /v1/invitations/{preferred_username}/resend`. Nothing was changed.";
    /// The last owner would be gone.
    LastOwner = "last_owner", "It would leave no owner",
        "An organization keeps an owner who is not locked. Make somebody else an owner first. Nothing was changed.";
    /// A sign-in provider gives the person their role.
    ManagedByProvider = "managed_by_provider", "A sign-in provider gives it",
        "The person's role is what the groups of their sign-in provider give, at each sign-in. Change the groups there, or the \
         provider's `groups` here. Nothing was changed.";
    /// A directory file manages the component.
    ManagedByFile = "managed_by_file", "A directory file manages it",
        "The error names the file and line: change it there and apply it, or set the organization's `file_lock` to `drift`. \
         A person's own contacts, rules and settings can be patched all the same. Nothing was changed.";
    /// The request does not say which version it is about.
    IfMatchMissing = "if_match_missing", "The header If-Match is missing",
        "Send `If-Match` with the `ETag` that you read, so that nobody's change is overwritten unseen, or `If-Match: *`.";
    /// The component was changed since it was read.
    ChangedMeanwhile = "changed_meanwhile", "It was changed meanwhile",
        "The component has another version than `If-Match` names, or is there although `If-None-Match` says that it is \
         not. `current` has it as it is now, `changed_by` and `changed_at` who changed it when, `fields` what differs from \
         what was sent. Nothing was changed.";
    /// The change would bring warnings.
    LintFailed = "lint_failed", "The change would bring warnings",
        "With `fail_on=warning`, nothing is changed that brings warnings which there are not now; the errors are these \
         warnings.";
    /// No such session.
    UnknownSession = "unknown_session", "There is no such session",
        "The person has no session with this id, or it is over.";
    /// A sign-in failed too often.
    TooManySignIns = "too_many_sign_ins", "Too many sign-ins failed",
        "Wait for the seconds in `Retry-After`, then try again. The password was not looked at.";
    /// More sign-ins wait than the server takes on.
    SignInBusy = "sign_in_busy", "The server is busy with sign-ins",
        "More passwords are being looked at than the server takes on. Nothing was done. Wait for the seconds in \
         `Retry-After`, then try again.";
    /// The idempotency key was used for something else.
    IdempotencyKeyReused = "idempotency_key_reused", "The Idempotency-Key was used for another request",
        "The same key came within 24 hours with another path or body. Use a new key for a new request.";
    /// The answer to the same request was told once.
    ToldOnce = "told_once", "The answer is told once",
        "The request was done when it came for the first time with this `Idempotency-Key`, and its answer has a secret that is \
         not kept. Nothing was done now. Where the answer was lost, revoke what was made, and ask again with a new key.";
    /// The body is too large.
    BodyTooLarge = "body_too_large", "The body is too large",
        "The error names the limit, 1 MiB unless the server is configured otherwise. Nothing was done.";
    /// The body is packed in a way that is not taken.
    UnsupportedEncoding = "unsupported_encoding", "The body is packed in a way that is not taken",
        "Send the body as it is, or with `Content-Encoding: gzip`. Nothing was done.";
    /// The key asks too often.
    RateLimited = "rate_limited", "Too many requests",
        "Wait for the seconds in `Retry-After`, then send the request again. Nothing was done.";
    /// Something broke.
    Internal = "internal", "The server failed",
        "Something broke on our side. The server's log has the details under the `request_id`.";
    /// The queue is full.
    Busy = "busy", "The server is busy",
        "More requests are waiting than the server takes on. Nothing was stored. Wait for the seconds in \
         `Retry-After`, then send the request again.";
    /// The database cannot be reached.
    Unavailable = "unavailable", "The server cannot reach its database",
        "Nothing is known to be stored. Wait for the seconds in `Retry-After`, then send the request again, best \
         with an `Idempotency-Key`.";
}
