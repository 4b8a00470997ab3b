use super::*;
use crate::{
    auth::{SigningKey, TokenRules},
    database::{Database, sqlite_url},
    secret::Secret,
};

async fn live(subscriptions: usize) -> (tempfile::TempDir, Live) {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::connect(&sqlite_url(&folder.path().join("admission.db"))).await.unwrap();
    let key = SigningKey::hs256(&Secret::new("0123456789abcdef0123456789abcdef")).unwrap();
    let authenticator = Authenticator::new(TokenRules { key, issuer: None, audience: None }, db);
    let settings = LiveLimits { subscriptions, ..LiveLimits::default() };
    (folder, Live::new(settings, authenticator, CancellationToken::new()))
}

fn session(viewer: Viewer, subject: &str) -> Session {
    let revocable = Some(Arc::new(Revocable::Issued("tok_1".to_owned())));
    Session { viewer, subject: subject.to_owned(), expires_at: i64::MAX, revocable }
}

#[tokio::test]
async fn a_token_is_looked_at_while_anything_of_it_is_open_and_no_longer() {
    let (_folder, live) = live(1).await;
    let session = session(Viewer::Admin, "a");
    let (one, other) = (live.admit(&session), live.admit(&session));
    let looked_at = || live.0.registry().tokens.len();
    assert_eq!(looked_at(), 1);
    drop(one);
    assert_eq!(looked_at(), 1);
    drop(other);
    assert_eq!(looked_at(), 0);
}

#[tokio::test]
async fn those_who_share_a_subject_or_a_role_have_slots_of_their_own() {
    let (_folder, live) = live(1).await;
    let (promoter, admin) = (Viewer::Promoter { id: 7 }, Viewer::Admin);
    let sessions = [session(promoter, "portal"), session(Viewer::Promoter { id: 8 }, "portal"), session(admin, "a")];
    let slots: Vec<_> = sessions.iter().map(|session| live.subscribe(session).unwrap()).collect();
    let other = live.subscribe(&session(admin, "b")).unwrap();
    for session in &sessions {
        assert!(live.subscribe(session).is_err(), "{session:?}");
    }
    assert_eq!(live.size().subscriptions, 4);
    drop(slots);
    assert_eq!(live.size().subscriptions, 1);
    assert!(live.subscribe(&sessions[0]).is_ok());
    drop(other);
    assert!(live.0.registry().subscribers.is_empty());
}
