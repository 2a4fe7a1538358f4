//! Feeds are counted by organization, kind and id.

use super::{organization, read, write};
use checks::on_both;
use domain::directory::ComponentKind::{Routine, User};

#[test]
fn a_feed_is_renewed_by_its_own_organization_kind_and_id_only() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let generation =
            |organization, kind, id: &str| read(test, |tx| store::feed_generation(tx, organization, kind, &id.into()));
        assert_eq!(generation(one, Routine, "a"), 0);
        for expect in 1..=3 {
            assert_eq!(write(test, |tx| store::feed_renew(tx, one, Routine, &"a".into())), expect);
            assert_eq!(generation(one, Routine, "a"), expect);
        }
        for (organization, kind, id) in [(one, User, "a"), (one, Routine, "b"), (other, Routine, "a")] {
            assert_eq!(generation(organization, kind, id), 0, "{kind:?} {id}");
        }
    });
}
