//! Health and metrics tell what somebody should look at.

use checks::{Reply, in_both};
use domain::incident::Command;
use domain::notification::Channel::Email;

#[test]
fn an_incident_that_nobody_can_be_found_for_is_said_and_tried_again() {
    in_both(|house| {
        let mut order = house.organization.order("Disk full");
        order.service = Some(house.organization.ref_id("attic"));
        let id = house.trigger_order(order);
        house.advance(10);
        assert!(house.told().is_empty());
        assert_eq!(house.log(id), ["TRIGGER", "DISPATCH"]);
        let readiness = house.run(house.engine().readiness());
        assert!(readiness.problems.is_empty(), "{readiness:?}");
        assert_eq!(readiness.warnings, ["nobody can be reached for 1 incidents"]);
        assert!(house.engine().metrics_text().contains("reveille_stranded_incidents 1"));
        house.fall_back_to("ladder");
        house.advance(1);
        assert_eq!(house.told(), ["11:00 ana email page 1"]);
        assert!(house.run(house.engine().readiness()).warnings.is_empty());
        assert!(house.engine().metrics_text().contains("reveille_stranded_incidents 0"));
        house.act(id, Command::Acknowledge).unwrap();
    });
}

#[test]
fn a_node_that_does_not_tick_is_not_ready() {
    in_both(|house| {
        house.settle();
        house.clock.advance(11_000_000);
        let readiness = house.run(house.engine().readiness());
        assert_eq!(readiness.problems.len(), 1, "{readiness:?}");
        house.settle();
        assert!(house.run(house.engine().readiness()).problems.is_empty());
    });
}

#[test]
fn a_mail_server_that_is_down_is_said_though_the_page_is_tried_again_and_again() {
    in_both(|house| {
        house.post.script("ana", Email, &[Reply::Temporary; 8]);
        house.trigger("Disk full");
        house.advance(2);
        let readiness = house.run(house.engine().readiness());
        let said = |warning: &String| warning.starts_with("a notification has been undelivered for 1");
        assert!(readiness.warnings.iter().any(said), "{readiness:?}");
        assert!(house.messages().len() > 4);
    });
}
