//! Certificates: whom the program believes when it connects to another.

use checks::{Authority, Cluster, Database, Home};

#[test]
fn a_database_of_an_authority_of_ones_own_is_believed_once_it_is_configured() {
    let authority = Authority::new();
    let cluster = Cluster::encrypted(authority.folder());
    let mut home = Home::new(Database::Sqlite);
    for mode in ["?sslmode=require", ""] {
        home.set("database.url", &format!("{}{mode}", cluster.url()));
        let refused = home.run(&["migrate"]);
        assert_eq!(refused.code, 1, "{refused:?}");
        assert!(refused.stderr.contains("certificate"), "{refused:?}");
    }
    home.set("tls.authorities", authority.certificate().to_str().expect("text"));
    assert!(home.succeed(&["migrate"]).starts_with("applied: incidents\n"));
}

#[test]
fn an_authority_that_cannot_be_read_is_told_with_its_file() {
    let mut home = Home::new(Database::Sqlite);
    std::fs::write(home.path("empty.pem"), "nothing").expect("a file");
    let table = [("missing.pem", "`missing.pem` cannot be read"), ("empty.pem", "`empty.pem` holds no certificate")];
    for (file, told) in table {
        home.set("tls.authorities", file);
        let finished = home.run(&["check-config"]);
        assert_eq!(finished.code, 2, "{finished:?}");
        assert!(finished.stderr.contains("TLS__AUTHORITIES") && finished.stderr.contains(told), "{finished:?}");
    }
}
