//! Who a token of an identity provider is to us.

use entity::promoter;
use promograph::{
    auth::{
        AuthError, Viewer,
        identity::{GrantedRole, Mapping, PromoterBy, ProviderRules},
    },
    time::now_ms,
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, DatabaseConnection, EntityTrait as _};
use serde_json::{Value, json};

use crate::support::{
    Promograph, Socket, TestDatabase,
    live::Wire,
    on_both,
    provider::{self, AUDIENCE, ISSUER, RSA, claims},
    rows,
};

async fn promoter(
    db: &DatabaseConnection,
    id: i64,
    email: Option<&str>,
    cust_id: Option<&str>,
    deleted_at: Option<i64>,
) {
    let row = promoter::ActiveModel {
        id: Set(id),
        email: Set(email.map(str::to_owned)),
        email_folded: Set(folding::fold(email.unwrap_or_default())),
        cust_id: Set(cust_id.map(str::to_owned)),
        deleted_at: Set(deleted_at),
        is_stub: Set(email.is_none() && cust_id.is_none()),
        field_clocks: Set("[]".to_owned()),
        first_seen_at: Set(0),
        updated_at: Set(0),
        ..Default::default()
    };
    promoter::Entity::insert(row).exec_without_returning(db).await.unwrap();
}

fn by(promoter: PromoterBy) -> ProviderRules {
    let expected = provider::expected();
    ProviderRules {
        mapping: Mapping { default_role: Some(GrantedRole::Promoter), promoter, ..expected.mapping },
        ..expected
    }
}

/// The promoter that a server which has not seen the token takes it for.
async fn found(test: &TestDatabase, expected: &ProviderRules, changes: Value) -> Option<i64> {
    let file = provider::file(&[RSA.jwk()]);
    let server = provider::authenticator(&test.database, file.path().to_str().unwrap(), expected.clone());
    let mut claims = claims(&changes);
    claims.as_object_mut().unwrap().remove("role");
    match server.authenticate(&RSA.token(&claims), now_ms()).await {
        Ok(session) => match session.viewer {
            Viewer::Promoter { id } => Some(id),
            other => panic!("{other:?}"),
        },
        Err(AuthError::BadToken(_)) => None,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_verified_email_address_means_the_one_promoter_who_has_it() {
    on_both(async |test: TestDatabase| {
        let db = &test.database.write;
        promoter(db, 1, Some("Ann@Example.com"), None, None).await;
        promoter(db, 2, Some("twin@example.com"), None, None).await;
        promoter(db, 3, Some("Twin@example.com"), None, None).await;
        promoter(db, 4, Some("gone@example.com"), None, Some(5)).await;
        promoter(db, 5, Some("back@example.com"), None, Some(5)).await;
        promoter(db, 6, Some("back@example.com"), None, None).await;
        promoter(db, 7, Some("mike@example.com"), None, None).await;
        promoter(db, 8, None, None, None).await;
        let expected =
            by(PromoterBy::Email { claim: "email".parse().unwrap(), verified: "email_verified".parse().unwrap() });
        let of = async |email: &str| found(&test, &expected, json!({"email": email, "email_verified": true})).await;
        assert_eq!(of("ann@example.com").await, Some(1));
        assert_eq!(of("ANN@EXAMPLE.COM").await, Some(1));
        assert_eq!(of("twin@example.com").await, None, "two promoters have it");
        assert_eq!(of("gone@example.com").await, None, "the promoter is deleted");
        assert_eq!(of("back@example.com").await, Some(6));
        assert_eq!(of("mi\u{212a}e@example.com").await, None, "the Kelvin sign folds to k, and is another mailbox");
        for nobody in ["nobody@example.com", "", " ", "%", "ann@example.com\0", "ann@example.com' or '1'='1"] {
            assert_eq!(of(nobody).await, None, "{nobody:?}");
        }
        for verified in [json!(false), json!("true"), json!(null), json!(1)] {
            let claims = json!({"email": "ann@example.com", "email_verified": verified});
            assert_eq!(found(&test, &expected, claims).await, None, "{verified}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_cust_id_means_the_one_promoter_who_has_it() {
    on_both(async |test: TestDatabase| {
        let db = &test.database.write;
        promoter(db, 1, None, Some("cus_1"), None).await;
        promoter(db, 2, None, Some("twin"), None).await;
        promoter(db, 3, None, Some("twin"), None).await;
        promoter(db, 4, None, Some("gone"), Some(5)).await;
        promoter(db, 5, None, Some("42"), None).await;
        promoter(db, 6, None, Some(""), None).await;
        let expected = by(PromoterBy::CustId("sub".parse().unwrap()));
        for (subject, meant) in
            [("cus_1", Some(1)), ("CUS_1", None), ("twin", None), ("gone", None), ("42", Some(5)), ("nobody", None)]
        {
            assert_eq!(found(&test, &expected, json!({"sub": subject})).await, meant, "{subject}");
        }
        let expected = by(PromoterBy::CustId("https://example.com/user".parse().unwrap()));
        for (user, meant) in [
            (json!(42), Some(5)),
            (json!("4\u{0}2"), None),
            (json!("42"), Some(5)),
            (json!(42.0), None),
            (json!(""), None),
        ] {
            let claims = json!({"https://example.com/user": user});
            assert_eq!(found(&test, &expected, claims).await, meant, "{user}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_was_found_a_moment_ago_is_not_looked_up_again_and_a_deletion_is_noticed() {
    on_both(async |test: TestDatabase| {
        promoter(&test.database.write, 1, Some("ann@example.com"), None, None).await;
        let expected =
            by(PromoterBy::Email { claim: "email".parse().unwrap(), verified: "email_verified".parse().unwrap() });
        let file = provider::file(&[RSA.jwk()]);
        let server = provider::authenticator(&test.database, file.path().to_str().unwrap(), expected);
        let token = RSA.token(&claims(&json!({"role": null, "email": "ann@example.com", "email_verified": true})));
        assert!(server.authenticate(&token, now_ms()).await.is_ok());
        let gone = promoter::ActiveModel { id: Set(1), deleted_at: Set(Some(5)), ..Default::default() };
        gone.update(&test.database.write).await.unwrap();
        tokio::time::sleep(promograph::auth::CACHE_TTL).await;
        assert!(matches!(server.authenticate(&token, now_ms()).await, Err(AuthError::BadToken(_))));
        test.database.close().await.unwrap();
        // From memory, or the database would be missed.
        assert!(matches!(server.authenticate(&token, now_ms()).await, Err(AuthError::BadToken(_))));
    })
    .await;
}

#[tokio::test]
async fn contact_data_is_shown_by_the_map_of_roles_and_never_by_a_claim() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 1).await;
        let file = provider::file(&[RSA.jwk()]);
        let mut expected = provider::expected();
        expected.mapping.roles.push(("support".to_owned(), GrantedRole::Analyst { pii: true }));
        let app = provider::app(&test, file.path().to_str().unwrap(), expected);
        for (role, email) in [("analyst", "p***@example.com"), ("support", "promoter1@example.com")] {
            let token = RSA.token(&claims(&json!({"role": role, "pii": true})));
            let data = app.bearer(&token).data("{ promoters { nodes { email } } }").await;
            assert_eq!(data["promoters"]["nodes"][0]["email"], email);
        }
        let token = RSA.token(&claims(&json!({"role": "promoter", "promoter": 1})));
        let data = app.bearer(&token).data("{ promoters { nodes { firstPromoterId email } } }").await;
        assert_eq!(data["promoters"]["nodes"], json!([{"firstPromoterId": 1, "email": "promoter1@example.com"}]));
    })
    .await;
}

#[tokio::test]
async fn a_server_takes_the_tokens_of_the_settings_and_revokes_them() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        std::fs::write(promograph.folder().join("keys.json"), provider::key_set(&[RSA.jwk()])).unwrap();
        promograph.prints(&["migrate", "up"]).await;
        let own = promograph.prints(&["token", "issue", "--role", "admin"]).await;
        let promograph = promograph
            .with("PROMOGRAPH_JWKS", "keys.json")
            .with("PROMOGRAPH_JWT_ISSUER", ISSUER)
            .with("PROMOGRAPH_JWT_AUDIENCE", AUDIENCE)
            .with("PROMOGRAPH_JWT_AUDIENCE_CLAIM", "azp")
            .with("PROMOGRAPH_JWT_ROLE_CLAIM", "realm_access.roles")
            .with("PROMOGRAPH_JWT_ROLE_MAP", "affiliate=promoter,staff=analyst+pii")
            .with("PROMOGRAPH_JWT_PROMOTER_CLAIM", "https://example.com/promoter");
        let server = promograph.serve().await;
        let mut socket = Socket::connect(&server.address).await.unwrap();
        let query = br#"{"query": "{ viewer { role } }"}"#;
        let affiliate = RSA.token(&claims(&json!({
            "aud": null, "azp": AUDIENCE, "realm_access": {"roles": ["offline_access", "affiliate"]},
            "https://example.com/promoter": "7",
        })));
        let mut role = async |token: &str| {
            let (status, body) = socket.post("/graphql", token, query).await.unwrap();
            let body: Value = serde_json::from_str(&body).unwrap();
            (status, body["data"]["viewer"]["role"].clone())
        };
        assert_eq!(role(&affiliate).await, (200, json!("PROMOTER")));
        assert_eq!(role(&own).await, (200, json!("ADMIN")), "issued before there was an issuer");
        assert_eq!(role(&RSA.token(&claims(&json!({})))).await.0, 401);

        let mut wire = Wire::open(server.address.parse().unwrap(), &affiliate).await;
        wire.start("1", "subscription { leadChanged { id } }").await;
        let said = promograph.prints(&["token", "revoke", "--subject", "user|1"]).await;
        assert_eq!(said, format!("revoked what {ISSUER} issued to user|1 until now"));
        assert_eq!(role(&affiliate).await.0, 401);
        assert_eq!(wire.closed().await, 4403);
        assert!(promograph.prints(&["token", "list"]).await.contains(r#"["sub","https://id.example.com/","user|1"]"#));
        assert_eq!(
            promograph.prints(&["token", "revoke", "--jti", "a"]).await,
            format!("revoked the token a of {ISSUER}")
        );
    })
    .await;
}

#[tokio::test]
async fn revoking_a_token_of_a_provider_needs_its_issuer() {
    let (line, code) = Promograph::new().complains(&["token", "revoke", "--jti", "a"]).await;
    assert!(line.contains("PROMOGRAPH_JWT_ISSUER: expected the issuer"), "{line}");
    assert_eq!(code, Some(1));
}
