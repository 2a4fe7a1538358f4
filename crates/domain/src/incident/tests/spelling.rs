//! The spellings of contract §3: of events, of the ways they come about, and of statuses.

use crate::incident::{EventType, Method, Status};

#[test]
fn event_types_are_spelled_as_the_contract_spells_them() {
    let spelled: Vec<_> = EventType::ALL.iter().map(|kind| kind.word()).collect();
    let contract = "TRIGGER, DISPATCH, ACKNOWLEDGE, UN-ACKNOWLEDGE, ESCALATE, REASSIGN, ADD RESPONDERS, SNOOZE, \
                    URGENCY AMENDMENT, NOTATE, MERGE, UN-MERGE, ADD SUBSCRIBERS, REMOVE SUBSCRIBERS, STATUS UPDATE, \
                    ADD IMPACTED BUSINESS SERVICE, REMOVE IMPACTED BUSINESS SERVICE, ADD CONFERENCE BRIDGE, \
                    RUN RESPONSE SET, RUN WORKFLOW, EDIT TITLE, UPDATE TAGS, RESOLVE, CANCEL";
    assert_eq!(spelled, contract.split(", ").collect::<Vec<_>>());
}

#[test]
fn event_methods_are_spelled_as_the_contract_spells_them() {
    let spelled: Vec<_> = Method::ALL.iter().map(|method| method.word()).collect();
    let contract = "INCIDENTS_API, INTEGRATIONS_API, WEB, EMAIL, SMS, CALL, CHAT, LINK, SYSTEM";
    assert_eq!(spelled, contract.split(", ").collect::<Vec<_>>());
    for method in Method::ALL {
        assert_eq!(serde_json::to_value(method).unwrap(), method.word(), "the store spells it alike");
    }
}

#[test]
fn statuses_are_three_and_read_back_as_they_are_spelled() {
    let spelled = Status::ALL.map(Status::word);
    assert_eq!(spelled, ["OPEN", "ACKNOWLEDGED", "RESOLVED"]);
    for status in Status::ALL {
        assert_eq!(Status::from_word(status.word()), Some(status));
        assert_eq!(serde_json::to_value(status).unwrap(), status.word());
    }
    assert_eq!(Status::from_word("open"), None);
}
