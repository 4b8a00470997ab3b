//! Tokens that were revoked, of ours and of a provider.

use promograph::{
    auth::{
        AuthError, Session, Viewer,
        identity::{self, Revocation},
        issued,
    },
    time::now_ms,
};
use serde_json::json;

use crate::{
    identity_attacks::{changed, is_refused, published},
    support::{
        TestDatabase, on_both,
        provider::{self, ISSUER},
    },
};

#[tokio::test]
async fn a_revoked_token_is_refused_and_told_so() {
    on_both(async |test: TestDatabase| {
        let file = provider::file(&published());
        let place = file.path().to_str().unwrap().to_owned();
        let app = provider::app(&test, &place, provider::expected());
        let now = now_ms();
        let (own, id) = app.issue(Viewer::Admin).await;
        issued::revoke(&test.database, &id, now).await.unwrap();
        is_refused(&app, "ours", &own, Some("revoked")).await;

        let revoke = async |what| identity::revoke(&test.database, ISSUER, &what, now).await.unwrap();
        revoke(Revocation::Token("stolen".to_owned())).await;
        revoke(Revocation::Subject("fired".to_owned())).await;
        is_refused(&app, "by its jti", &changed(&json!({"jti": "stolen"})), Some("revoked")).await;
        is_refused(&app, "by its subject", &changed(&json!({"sub": "fired", "iat": now / 1000})), Some("revoked"))
            .await;
        is_refused(
            &app,
            "by its subject, without iat",
            &changed(&json!({"sub": "fired", "iat": null})),
            Some("revoked"),
        )
        .await;
        let after = now / 1000 + 1;
        for good in [
            json!({"jti": "another"}),
            json!({"jti": "fired", "sub": "stolen"}),
            json!({"sub": "fired", "iat": after}),
            json!({"jti": null}),
        ] {
            assert_eq!(app.bearer(&changed(&good)).query("{ __typename }").await.status, 200, "{good}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_with_its_token_whoever_made_it() {
    on_both(async |test: TestDatabase| {
        let file = provider::file(&published());
        let place = file.path().to_str().unwrap().to_owned();
        // Each as a server that has not seen the tokens before.
        let server = || provider::authenticator(&test.database, &place, provider::expected());
        let app = provider::app(&test, &place, provider::expected());
        let ((kept, _), (ended, id)) = (app.issue(Viewer::Admin).await, app.issue(Viewer::Admin).await);
        let minted = app.token_of(Viewer::Admin);
        let good = [kept, minted, changed(&json!({"jti": "tok_theirs"})), changed(&json!({"jti": null}))];
        let bad = [ended, changed(&json!({"jti": "stolen"})), changed(&json!({"sub": "fired", "jti": null}))];
        let session = async |token: &String| server().authenticate(token, now_ms()).await.unwrap();
        let (mut still, mut over) = (Vec::new(), Vec::new());
        for token in &good {
            still.push(session(token).await);
        }
        for token in &bad {
            over.push(session(token).await);
        }
        let now = now_ms();
        issued::revoke(&test.database, &id, now).await.unwrap();
        for what in [Revocation::Token("stolen".to_owned()), Revocation::Subject("fired".to_owned())] {
            identity::revoke(&test.database, ISSUER, &what, now).await.unwrap();
        }
        let server = server();
        for session in &still {
            server.recheck(session, now).await.unwrap();
            let end = session.expires_at * 1000;
            assert!(server.recheck(session, end - 1).await.is_ok());
            assert!(matches!(server.recheck(session, end).await, Err(AuthError::BadToken(_))), "it expired");
        }
        for session in &over {
            assert!(matches!(server.recheck(session, now).await, Err(AuthError::BadToken(_))), "{session:?}");
        }
        let tokens = |sessions: &[Session]| sessions.iter().filter_map(|session| session.revocable.clone()).collect();
        let (all, ended): (Vec<_>, Vec<_>) = (tokens(&[still, over.clone()].concat()), tokens(&over));
        assert_eq!(server.find_invalid(all).await.unwrap(), ended);
    })
    .await;
}
