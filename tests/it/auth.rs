//! Tokens and the table that says which of them are in force, on both databases.

use promograph::{
    auth::{
        AuthError, Authenticator, CACHE_TTL, Revocable, Role, Session, SigningKey, TokenRules, Viewer, issued,
        token::{self, NewToken},
    },
    database::Database,
    secret::Secret,
};

use crate::support::{TestDatabase, on_both};

/// Milliseconds.
const NOW: i64 = 1_800_000_000_000;

fn rules() -> TokenRules {
    TokenRules {
        key: SigningKey::hs256(&Secret::new("0123456789abcdef0123456789abcdef")).unwrap(),
        issuer: None,
        audience: None,
    }
}

fn token_with(id: &str, viewer: Viewer) -> String {
    let grant = NewToken {
        viewer,
        id: id.to_owned(),
        subject: "Ann".to_owned(),
        issued_at: NOW / 1000,
        expires_at: NOW / 1000 + 3600,
    };
    token::issue(&rules(), grant).unwrap()
}

async fn issue(db: &Database, viewer: Viewer) -> (String, String) {
    let id = token::new_id();
    issued::record(db, &id, Some("Ann"), viewer, NOW, NOW + 3_600_000).await.unwrap();
    let token = token_with(&id, viewer);
    (id, token)
}

/// As a server does that has not seen the token before.
async fn try_token(db: &Database, token: &str) -> Result<Session, AuthError> {
    Authenticator::new(rules(), db.clone()).authenticate(token, NOW).await
}

#[tokio::test]
async fn an_issued_token_counts_and_is_listed_with_what_it_gives() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        for viewer in [Viewer::Admin, Viewer::Analyst { pii: true }, Viewer::Promoter { id: i64::MAX }] {
            let (id, token) = issue(db, viewer).await;
            let session = try_token(db, &token).await.unwrap();
            assert_eq!((session.viewer, session.revocable), (viewer, Some(Revocable::Issued(id).into())));
        }
        let rows = issued::list(db).await.unwrap();
        let told: Vec<_> = rows.iter().rev().map(|row| (row.role, row.promoter_id, row.pii)).collect();
        assert_eq!(
            told,
            [(Role::Admin, None, false), (Role::Analyst, None, true), (Role::Promoter, Some(i64::MAX), false)]
        );
    })
    .await;
}

#[tokio::test]
async fn a_revoked_token_does_not_count_and_the_others_still_do() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let (id, token) = issue(db, Viewer::Admin).await;
        let (_, other) = issue(db, Viewer::Admin).await;
        assert!(issued::revoke(db, &id, NOW).await.unwrap());
        assert!(matches!(try_token(db, &token).await, Err(AuthError::BadToken(_))));
        assert!(try_token(db, &other).await.is_ok());
        assert!(issued::revoke(db, &id, NOW + 5).await.unwrap(), "again is fine");
        let revoked_at = issued::list(db).await.unwrap().into_iter().find(|row| row.id == id).unwrap().revoked_at;
        assert_eq!(revoked_at, Some(NOW), "the first time counts");
        assert!(!issued::revoke(db, "tok_unknown", NOW).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_server_that_saw_a_token_notices_its_end_within_the_time_it_relies_on_it() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let (id, token) = issue(db, Viewer::Admin).await;
        let server = Authenticator::new(rules(), db.clone());
        assert!(server.authenticate(&token, NOW).await.is_ok());
        issued::revoke(db, &id, NOW).await.unwrap();
        // What `token revoke` does before it says that it is done.
        tokio::time::sleep(CACHE_TTL).await;
        assert!(matches!(server.authenticate(&token, NOW).await, Err(AuthError::BadToken(_))));
    })
    .await;
}

#[tokio::test]
async fn a_token_of_ours_that_the_database_does_not_know_is_refused() {
    on_both(async |test: TestDatabase| {
        let forgotten = token_with(&token::new_id(), Viewer::Admin);
        assert!(matches!(try_token(&test.database, &forgotten).await, Err(AuthError::BadToken(_))));
        let elsewhere = token_with("an-id-of-the-portal", Viewer::Promoter { id: 7 });
        assert_eq!(try_token(&test.database, &elsewhere).await.unwrap().viewer, Viewer::Promoter { id: 7 });
    })
    .await;
}

#[tokio::test]
async fn a_database_that_does_not_answer_lets_nobody_in() {
    on_both(async |test: TestDatabase| {
        let (_, token) = issue(&test.database, Viewer::Admin).await;
        test.database.close().await.unwrap();
        assert!(matches!(try_token(&test.database, &token).await, Err(AuthError::Unavailable(_))));
    })
    .await;
}
