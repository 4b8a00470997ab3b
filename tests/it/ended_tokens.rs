//! A token ends with the promoter whom it stands for.

use entity::{address_token_cutoff, promoter_token_cutoff};
use migration::{Migrator, MigratorTrait as _};
use promograph::{
    auth::{
        AuthError, CACHE_TTL, Viewer,
        identity::{Mapping, PromoterBy, ProviderRules},
        issued,
    },
    projection::{Changes, ReplaySelection, rebuild, replay},
    time::now_ms,
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait as _, EntityTrait as _};
use serde_json::{Value, json};

use crate::support::{
    TestApp, TestDatabase, eventually,
    live::{Came, Wire},
    on_both,
    provider::{self, RSA, claims},
};

const ANN: &str = "ann@partners.example";
const BOB: &str = "bob@partners.example";

/// A webhook v2 about a promoter. Events with a larger number are later.
fn promoter(number: i64, id: i64, action: &str, email: &str) -> Value {
    json!({
        "event_id": format!("e-{number}"), "event_type": format!("promoter.{action}"), "entity_id": id, "changes": {},
        "timestamp": format!("2025-03-01T00:{number:02}:00Z"),
        "data": { "id": id, "email": email, "cust_id": format!("cus-{email}") },
    })
}

/// A lead of a promoter.
fn lead(number: i64, id: i64, promoter: i64) -> Value {
    json!({
        "event": { "id": number, "type": "lead_signup", "created_at": format!("2025-03-01T00:{number:02}:00Z") },
        "data": { "id": id, "state": "signup", "email": "customer@example.com", "promoter": { "id": promoter } },
    })
}

async fn tell(app: &TestApp, events: &[Value]) {
    for event in events {
        app.deliver(event.to_string()).await;
    }
    app.settle().await;
}

const WHO: &str = "{ viewer { promoter { email } } leads { nodes { email } } }";

/// What the token sees: the promoter's address, or the status that it gets.
async fn who(app: &TestApp, token: &str) -> Result<Value, u16> {
    // What was looked up is relied on as long.
    tokio::time::sleep(CACHE_TTL).await;
    let answer = app.bearer(token).query(WHO).await;
    if answer.status == 200 {
        return Ok(answer.data()["viewer"]["promoter"]["email"].clone());
    }
    assert_eq!(answer.codes(), ["UNAUTHENTICATED"]);
    Err(answer.status.as_u16())
}

/// A minute ago and in a minute, as a provider would write it: its clock may be ahead of ours by as much.
fn iat(later: bool) -> i64 {
    now_ms() / 1000 + if later { 50 } else { -50 }
}

fn mapped(by: PromoterBy) -> ProviderRules {
    let expected = provider::expected();
    ProviderRules { mapping: Mapping { promoter: by, ..expected.mapping }, ..expected }
}

/// Servers that find promoters by id, by e-mail address and by `cust_id`, each with a token for this address.
fn providers(test: &TestDatabase, place: &str) -> Vec<TestApp> {
    let path = |claim: &str| claim.parse().unwrap();
    [
        PromoterBy::Id(path("promoter")),
        PromoterBy::Email { claim: path("email"), verified: path("email_verified") },
        PromoterBy::CustId(path("user")),
    ]
    .map(|by| provider::app(test, place, mapped(by)))
    .into()
}

fn provided(id: i64, email: &str, iat: i64) -> String {
    RSA.token(&claims(&json!({
        "role": "promoter", "promoter": id, "email": email, "email_verified": true, "user": format!("cus-{email}"),
        "iat": iat,
    })))
}

fn minted(id: i64, iat: Option<i64>) -> String {
    let exp = now_ms() / 1000 + 600;
    let claims = json!({ "sub": "portal", "role": "promoter", "promoter": id, "iat": iat, "exp": exp });
    provider::hs256(None, &json!({ "alg": "HS256", "typ": "JWT" }), &claims)
}

#[tokio::test]
async fn a_token_ends_when_its_promoter_is_deleted_and_never_revives() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        tell(&app, &[promoter(1, 7, "created", ANN), lead(2, 70, 7)]).await;
        let (own, _) = app.issue(Viewer::Promoter { id: 7 }).await;
        let old = [own, minted(7, Some(iat(false))), minted(7, None)];
        for token in &old {
            assert_eq!(who(&app, token).await, Ok(json!(ANN)));
        }
        tell(&app, &[promoter(3, 7, "deleted", ANN)]).await;
        for token in old.iter().chain([&minted(7, Some(iat(true))), &app.issue(Viewer::Promoter { id: 7 }).await.0]) {
            assert_eq!(who(&app, token).await, Err(401), "nobody has the id");
        }
        // Somebody else gets the id, the events are applied again, and the mirror is made anew.
        tell(&app, &[promoter(4, 7, "created", BOB)]).await;
        let (new, _) = app.issue(Viewer::Promoter { id: 7 }).await;
        let dead = async |when: &str| {
            for token in &old {
                assert_eq!(who(&app, token).await, Err(401), "{when}");
            }
            for token in [&new, &minted(7, Some(iat(true)))] {
                assert_eq!(who(&app, token).await, Ok(json!(BOB)), "{when}");
            }
        };
        dead("with another promoter").await;
        replay(&app.database, &ReplaySelection::default(), now_ms()).await.unwrap();
        app.settle().await;
        dead("after a replay").await;
        test.database.write.execute_unprepared("update promoter set email = 'x', field_clocks = ''").await.unwrap();
        rebuild(&app.database, &Changes::new(), now_ms, &mut |_| {}).await.unwrap();
        dead("after a rebuild").await;
        // As a server that was just started.
        assert_eq!(who(&TestApp::new(&test), &old[1]).await, Err(401));
    })
    .await;
}

#[tokio::test]
async fn a_token_of_an_identity_provider_ends_with_the_promoter_however_it_names_him() {
    on_both(async |test: TestDatabase| {
        let file = provider::file(&[RSA.jwk()]);
        let apps = providers(&test, file.path().to_str().unwrap());
        let old = provided(7, ANN, iat(false));
        tell(&apps[0], &[promoter(1, 7, "created", ANN)]).await;
        for app in &apps {
            assert_eq!(who(app, &old).await, Ok(json!(ANN)));
        }
        tell(&apps[0], &[promoter(2, 7, "deleted", ANN)]).await;
        for app in &apps {
            assert_eq!(who(app, &old).await, Err(401));
            assert_eq!(who(app, &provided(7, ANN, iat(true))).await, Err(401));
            let answer = app.bearer(&old).query(WHO).await;
            assert_eq!(answer.body["errors"][0]["extensions"]["reason"], "revoked");
        }
        tell(&apps[0], &[promoter(3, 7, "updated", ANN)]).await;
        for app in &apps {
            assert_eq!(who(app, &old).await, Err(401), "the promoter came back, the token did not");
            assert_eq!(who(app, &provided(7, ANN, iat(true))).await, Ok(json!(ANN)));
        }
        // The address is another promoter's now.
        tell(&apps[0], &[promoter(4, 7, "deleted", ANN), promoter(5, 8, "created", ANN)]).await;
        for app in &apps[1..] {
            assert_eq!(who(app, &old).await, Err(401), "it stood for the one who was deleted");
            assert_eq!(who(app, &provided(0, ANN, iat(true))).await, Ok(json!(ANN)));
        }
    })
    .await;
}

#[tokio::test]
async fn a_token_that_names_a_promoter_by_an_address_never_means_whoever_has_the_address_next() {
    on_both(async |test: TestDatabase| {
        let file = provider::file(&[RSA.jwk()]);
        let apps = &providers(&test, file.path().to_str().unwrap())[1..];
        let address = |id: i64| format!("{id}@partners.example");
        for id in [10, 20, 30, 40] {
            tell(&apps[0], &[promoter(1, id, "created", &address(id))]).await;
            for app in apps {
                assert_eq!(who(app, &provided(0, &address(id), iat(false))).await, Ok(json!(address(id))));
            }
        }
        // Deleted, and somebody else has the id.
        tell(&apps[0], &[promoter(2, 10, "deleted", &address(10)), promoter(3, 10, "created", BOB)]).await;
        // Deleted with another address.
        tell(&apps[0], &[promoter(2, 20, "deleted", "gone@partners.example")]).await;
        // Deleted after the address was changed, all at once.
        let other = "other@partners.example";
        tell(&apps[0], &[promoter(2, 30, "updated", other), promoter(3, 30, "deleted", other)]).await;
        // Not deleted.
        tell(&apps[0], &[promoter(2, 40, "updated", "moved@partners.example")]).await;
        // Told to have had the address when it was deleted already.
        tell(&apps[0], &[promoter(2, 50, "deleted", "gone@partners.example")]).await;
        tell(&apps[0], &[promoter(1, 50, "created", &address(50))]).await;
        // Had between two others, all at once.
        tell(&apps[0], &[promoter(1, 60, "created", "first@partners.example")]).await;
        let last = promoter(3, 60, "updated", "last@partners.example");
        tell(&apps[0], &[promoter(2, 60, "updated", &address(60)), last]).await;
        for id in [10, 20, 30, 40, 50, 60] {
            tell(&apps[0], &[promoter(4, id + 1, "created", &address(id).to_uppercase())]).await;
            let cust_id = json!({
                "event_id": format!("c-{id}"), "event_type": "promoter.updated", "entity_id": id + 1, "changes": {},
                "timestamp": "2025-03-01T00:05:00Z",
                "data": { "id": id + 1, "cust_id": format!("cus-{}", address(id)) },
            });
            tell(&apps[0], &[cust_id]).await;
        }
        let never = async |when: &str| {
            // Issued between the time that a promoter is told to have had the address, and the deletion.
            let between = promograph::time::parse_ms("2025-03-01T00:01:30Z").unwrap() / 1000;
            for id in [10, 20, 30, 40, 50, 60] {
                let before = if id == 50 { between } else { iat(false) };
                for app in apps {
                    assert_eq!(who(app, &provided(0, &address(id), before)).await, Err(401), "{id} {when}");
                    let new = who(app, &provided(0, &address(id), iat(true))).await;
                    assert_eq!(new, Ok(json!(address(id).to_uppercase())), "{id} {when}");
                }
            }
        };
        never("at first").await;
        replay(&apps[0].database, &ReplaySelection::default(), now_ms()).await.unwrap();
        apps[0].settle().await;
        rebuild(&apps[0].database, &Changes::new(), now_ms, &mut |_| {}).await.unwrap();
        never("after a replay and a rebuild").await;
    })
    .await;
}

#[tokio::test]
async fn addresses_of_promoters_who_were_deleted_before_the_migration_have_ended() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        tell(&app, &[promoter(1, 7, "created", ANN), promoter(1, 8, "created", BOB)]).await;
        tell(&app, &[promoter(2, 7, "deleted", ANN)]).await;
        let ended = async || {
            let mut rows = address_token_cutoff::Entity::find().all(&test.database.write).await.unwrap();
            rows.sort_by(|a, b| a.address.cmp(&b.address));
            rows
        };
        let before = ended().await;
        assert_eq!(before.len(), 2);
        let steps = Migrator::migrations();
        let back = steps.iter().filter(|step| step.name() >= "m20261129_000014").count();
        Migrator::down(&test.database.write, Some(u32::try_from(back).unwrap())).await.unwrap();
        Migrator::up(&test.database.write, None).await.unwrap();
        assert_eq!(ended().await, before);
    })
    .await;
}

#[tokio::test]
async fn an_issued_token_whose_promoter_was_deleted_is_listed_as_revoked() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        tell(&app, &[promoter(1, 7, "created", ANN), promoter(1, 8, "created", BOB)]).await;
        let (_, ended) = app.issue(Viewer::Promoter { id: 7 }).await;
        let (_, active) = app.issue(Viewer::Promoter { id: 8 }).await;
        tell(&app, &[promoter(2, 7, "deleted", ANN)]).await;
        let listed = async |id: &str| {
            let tokens = issued::list(&app.database).await.unwrap();
            tokens.into_iter().find(|token| token.id == id).unwrap().revoked_at.is_some()
        };
        assert!(listed(&ended).await && !listed(&active).await);
        tell(&app, &[promoter(3, 7, "created", ANN)]).await;
        assert!(listed(&ended).await);
    })
    .await;
}

#[tokio::test]
async fn a_token_that_was_issued_before_its_promoter_is_known_begins_with_him() {
    on_both(async |test: TestDatabase| {
        let file = provider::file(&[RSA.jwk()]);
        let apps = providers(&test, file.path().to_str().unwrap());
        let app = &apps[0];
        let (own, _) = app.issue(Viewer::Promoter { id: 7 }).await;
        let early = [own, minted(7, Some(iat(false))), minted(7, None), provided(7, ANN, iat(false))];
        for token in &early {
            assert_eq!(who(app, token).await, Ok(Value::Null), "there is nothing to see yet");
        }
        // Others are deleted before; that is none of its business.
        tell(app, &[promoter(1, 6, "created", BOB), promoter(2, 6, "deleted", BOB)]).await;
        tell(app, &[promoter(3, 7, "created", ANN)]).await;
        for token in &early {
            assert_eq!(who(app, token).await, Ok(json!(ANN)));
        }
        for app in &apps[1..] {
            assert_eq!(who(app, &early[3]).await, Ok(json!(ANN)));
        }
    })
    .await;
}

#[tokio::test]
async fn a_deletion_ends_tokens_though_somebody_has_the_id_again_by_the_time_that_it_is_applied() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        tell(&app, &[promoter(1, 7, "created", ANN), promoter(1, 8, "created", ANN)]).await;
        let old = [app.issue(Viewer::Promoter { id: 7 }).await.0, minted(7, Some(iat(false)))];
        tell(&app, &[promoter(2, 7, "deleted", ANN), promoter(3, 7, "created", BOB)]).await;
        for token in &old {
            assert_eq!(who(&app, token).await, Err(401), "both in one batch");
        }
        // The deletion comes late: only what was issued before it ends.
        let before = app.issue(Viewer::Promoter { id: 8 }).await.0;
        tell(&app, &[promoter(5, 8, "created", BOB)]).await;
        tell(&app, &[promoter(4, 8, "deleted", ANN)]).await;
        assert_eq!(who(&app, &before).await, Ok(json!(BOB)));
        let in_2025 = promograph::time::parse_ms("2025-03-01T00:03:00Z").unwrap() / 1000;
        assert_eq!(who(&app, &minted(8, Some(in_2025))).await, Err(401));
        assert_eq!(who(&app, &minted(8, Some(in_2025 + 120))).await, Ok(json!(BOB)));
    })
    .await;
}

#[tokio::test]
async fn no_rebuild_brings_a_token_back() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        tell(&app, &[promoter(1, 7, "created", ANN), promoter(2, 7, "deleted", ANN)]).await;
        // A mirror that was written without the end, as by an older version or by hand.
        promoter_token_cutoff::Entity::delete_many().exec(&test.database.write).await.unwrap();
        let row = entity::promoter::ActiveModel { id: Set(7), deleted_at: Set(None), ..Default::default() };
        row.update(&test.database.write).await.unwrap();
        let token = app.issue(Viewer::Promoter { id: 7 }).await.0;
        assert_eq!(who(&app, &token).await, Ok(json!(ANN)));
        rebuild(&app.database, &Changes::new(), now_ms, &mut |_| {}).await.unwrap();
        assert_eq!(who(&app, &token).await, Err(401));
        tell(&app, &[promoter(3, 7, "updated", ANN)]).await;
        assert_eq!(who(&app, &token).await, Err(401));
    })
    .await;
}

#[tokio::test]
async fn live_connections_end_with_the_promoter_and_are_sent_nothing_after() {
    on_both(async |test: TestDatabase| {
        let file = provider::file(&[RSA.jwk()]);
        let app = provider::app(&test, file.path().to_str().unwrap(), provider::expected());
        tell(&app, &[promoter(1, 7, "created", ANN), promoter(1, 8, "created", BOB)]).await;
        let address = app.listen().await;
        let tokens = [app.issue(Viewer::Promoter { id: 7 }).await.0, minted(7, None), provided(7, ANN, iat(false))];
        let document = "subscription { leadChanged { lead { email } } }";
        let (mut wires, mut streams) = (Vec::new(), Vec::new());
        for token in &tokens {
            let mut wire = Wire::open(address, token).await;
            wire.subscribe(&app, "1", document).await;
            wires.push(wire);
            let heard = app.changes.subscriber_count();
            streams.push(app.bearer(token).events(document).await);
            eventually("the stream is heard", async || app.changes.subscriber_count() > heard).await;
        }
        let mut other = Wire::open(address, &minted(8, None)).await;
        other.subscribe(&app, "1", document).await;
        // In one commit: who is sent the lead is sent it after the promoter was deleted.
        tell(&app, &[promoter(2, 7, "deleted", ANN), lead(3, 70, 7), lead(3, 80, 8)]).await;
        for wire in &mut wires {
            loop {
                match wire.came().await {
                    Came::Message(message) => assert_ne!(message["type"], "next", "{message}"),
                    Came::Closed(code, _) => break assert_eq!(code, 4403),
                }
            }
        }
        for stream in &mut streams {
            assert_eq!(stream.error().await, "UNAUTHENTICATED");
        }
        assert_eq!(other.data("1").await["leadChanged"]["lead"]["email"], "customer@example.com");
        let server = provider::authenticator(&test.database, file.path().to_str().unwrap(), provider::expected());
        for token in &tokens {
            assert!(matches!(server.authenticate(token, now_ms()).await, Err(AuthError::BadToken(_))));
        }
    })
    .await;
}
