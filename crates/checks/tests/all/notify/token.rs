//! Tokens are signed with one secret, on which all nodes agree from the first use on.

use checks::in_both;
use notify::{Purpose, TokenFault};

#[test]
fn every_node_accepts_the_tokens_of_the_others_and_of_the_time_before_a_restart() {
    in_both(|house| {
        let others = [house.another_node(), house.another_node()];
        let others = others.each_ref().map(|node| node.notifier());
        let at = house.engine().now().plus_minutes(1);
        let [one, two] = house.run(async {
            let (one, two) = tokio::join!(
                others[0].token(Purpose::Act, &"ana", Some(at)),
                others[1].token(Purpose::Act, &"ben", Some(at))
            );
            [one.unwrap(), two.unwrap()]
        });
        house.crash();
        let open = |token: &str| house.run(house.notifier().open_token::<String>(Purpose::Act, token)).unwrap();
        assert_eq!((open(&one), open(&two)), (Ok("ana".to_owned()), Ok("ben".to_owned())));
        assert_eq!(open("AAAA"), Err(TokenFault::Forged));
        house.clock.advance(60_000_000);
        assert_eq!(open(&one), Err(TokenFault::Expired));
    });
}
