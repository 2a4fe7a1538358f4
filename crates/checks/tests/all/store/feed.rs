//! Feeds are counted by organization, kind and id.

use super::{organization, read, write};
use checks::on_both;

const ROUTINE: &str = "routine";
const USER: &str = "user";

#[test]
fn a_feed_is_renewed_by_its_own_organization_kind_and_id_only() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let generation =
            |organization, kind, id: &str| read(test, |tx| store::feed_generation(tx, organization, kind, &id.into()));
        assert_eq!(generation(one, ROUTINE, "a"), 0);
        for expect in 1..=3 {
            assert_eq!(write(test, |tx| store::feed_renew(tx, one, ROUTINE, &"a".into())), expect);
            assert_eq!(generation(one, ROUTINE, "a"), expect);
        }
        for (organization, kind, id) in [(one, USER, "a"), (one, ROUTINE, "b"), (other, ROUTINE, "a")] {
            assert_eq!(generation(organization, kind, id), 0, "{kind} {id}");
        }
    });
}
