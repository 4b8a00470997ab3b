//! Promoters who were looked up by what their token says: streams end when that means somebody else.

use promograph::{
    auth::identity::{ClaimPath, GrantedRole, Mapping, PromoterBy, ProviderRules},
    time::now_ms,
};
use serde_json::{Value, json};

use super::{LEADS, lead, seen, tell};
use crate::support::{
    TestApp, TestDatabase,
    live::{EventStream, Wire},
    on_both,
    provider::{self, RSA, claims},
};

/// A webhook v2 that tells of a promoter. Events with a larger number are later.
async fn promoter(app: &TestApp, number: i64, kind: &str, id: i64, mut data: Value) {
    data["id"] = id.into();
    let event = json!({
        "event_id": format!("e-{number}"), "event_type": format!("promoter.{kind}"), "entity_id": id, "changes": {},
        "timestamp": format!("2025-04-01T00:00:{number:02}Z"), "data": data,
    });
    tell(app, event).await;
}

fn by(promoter: PromoterBy) -> ProviderRules {
    let expected = provider::expected();
    ProviderRules {
        mapping: Mapping { default_role: Some(GrantedRole::Promoter), promoter, ..expected.mapping },
        ..expected
    }
}

fn path(text: &str) -> ClaimPath {
    text.parse().unwrap()
}

fn token(changes: &Value) -> String {
    let mut claims = claims(changes);
    claims.as_object_mut().unwrap().remove("role");
    RSA.token(&claims)
}

fn of_address(email: &str) -> String {
    token(&json!({"sub": email, "email": email, "email_verified": true}))
}

/// All that somebody may have open.
struct Open {
    wire: Wire,
    idle: Wire,
    stream: EventStream,
}

impl Open {
    async fn with(app: &TestApp, token: &str) -> Self {
        let address = app.listen().await;
        let (mut wire, idle) = (Wire::open(address, token).await, Wire::open(address, token).await);
        wire.subscribe(app, "1", LEADS).await;
        let stream = app.bearer(token).events(LEADS).await;
        Self { wire, idle, stream }
    }

    async fn sees(&mut self, id: i64) {
        assert_eq!(seen(&self.wire.data("1").await).0, id);
        assert_eq!(seen(&self.stream.data().await).0, id);
    }

    async fn ended(mut self) {
        assert_eq!((self.wire.closed().await, self.idle.closed().await), (4403, 4403));
        assert_eq!(self.stream.error().await, "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn what_a_promoter_opened_ends_when_the_address_means_nobody_or_somebody_else() {
    on_both(async |test: TestDatabase| {
        let file = provider::file(&[RSA.jwk()]);
        let expected = by(PromoterBy::Email { claim: path("email"), verified: path("email_verified") });
        let app = provider::app(&test, file.path().to_str().unwrap(), expected);
        for (id, name) in [(1, "Ann"), (2, "bob"), (3, "cid"), (4, "dan")] {
            promoter(&app, id, "created", id, json!({"email": format!("{name}@partners.example")})).await;
        }
        let ann = Open::with(&app, &of_address("ann@partners.example")).await;
        let bob = Open::with(&app, &of_address("bob@partners.example")).await;
        let cid = Open::with(&app, &of_address("cid@partners.example")).await;
        let mut dan = Open::with(&app, &of_address("DAN@partners.example")).await;

        promoter(&app, 11, "updated", 1, json!({"email": "ann@elsewhere.example"})).await;
        ann.ended().await;
        promoter(&app, 12, "deleted", 2, json!({})).await;
        bob.ended().await;
        // Two have it now, so nobody knows who is meant.
        promoter(&app, 13, "created", 5, json!({"email": "cid@partners.example"})).await;
        cid.ended().await;
        // The same promoter, whatever else changes.
        let same = json!({"email": "Dan@Partners.example", "cust_id": "d", "archived_at": "2025-04-01T00:00:00Z"});
        promoter(&app, 14, "updated", 4, same).await;
        tell(&app, lead(1, 7, 4, "signup")).await;
        dan.sees(7).await;
        // What was one promoter's address is another's.
        promoter(&app, 15, "updated", 4, json!({"email": "dan@elsewhere.example"})).await;
        promoter(&app, 16, "updated", 5, json!({"email": "dan@partners.example"})).await;
        dan.ended().await;
        let later = now_ms() / 1000 + 50;
        let address = "dan@partners.example";
        let new = token(&json!({"sub": address, "email": address, "email_verified": true, "iat": later}));
        let mut other = Open::with(&app, &new).await;
        tell(&app, lead(2, 8, 5, "signup")).await;
        other.sees(8).await;
    })
    .await;
}

#[tokio::test]
async fn what_a_promoter_opened_ends_when_the_cust_id_means_nobody_or_somebody_else() {
    on_both(async |test: TestDatabase| {
        let file = provider::file(&[RSA.jwk()]);
        let app = provider::app(&test, file.path().to_str().unwrap(), by(PromoterBy::CustId(path("sub"))));
        for (id, cust_id) in [(1, "a"), (2, "b"), (3, "c")] {
            promoter(&app, id, "created", id, json!({"cust_id": cust_id})).await;
        }
        let of = async |cust_id: &str| Open::with(&app, &token(&json!({"sub": cust_id}))).await;
        let (first, second, mut third) = (of("a").await, of("b").await, of("c").await);
        promoter(&app, 11, "updated", 1, json!({"cust_id": null})).await;
        first.ended().await;
        promoter(&app, 12, "updated", 1, json!({"cust_id": "b"})).await;
        second.ended().await;
        tell(&app, lead(1, 7, 3, "signup")).await;
        third.sees(7).await;
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_with_what_its_promoter_was_found_by() {
    on_both(async |test: TestDatabase| {
        let file = provider::file(&[RSA.jwk()]);
        let place = file.path().to_str().unwrap().to_owned();
        let expected = || by(PromoterBy::Email { claim: path("email"), verified: path("email_verified") });
        let app = provider::app(&test, &place, expected());
        for (id, name) in [(1, "ann"), (2, "bob")] {
            promoter(&app, id, "created", id, json!({"email": format!("{name}@partners.example")})).await;
        }
        // Each as a server that has looked nobody up before.
        let server = || provider::authenticator(&test.database, &place, expected());
        let ann = server().authenticate(&of_address("ann@partners.example"), now_ms()).await.unwrap();
        let bob = server().authenticate(&of_address("bob@partners.example"), now_ms()).await.unwrap();
        promoter(&app, 3, "deleted", 1, json!({})).await;
        assert!(server().recheck(&ann, now_ms()).await.is_err());
        assert!(server().recheck(&bob, now_ms()).await.is_ok());
        let (ann, bob) = (ann.revocable.unwrap(), bob.revocable.unwrap());
        assert_eq!(server().find_invalid(vec![ann.clone(), bob]).await.unwrap(), [ann]);
    })
    .await;
}
