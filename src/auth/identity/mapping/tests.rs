use serde_json::json;

use super::*;

fn mapping() -> Mapping {
    let path = |text: &str| text.parse::<ClaimPath>().unwrap();
    Mapping {
        audience: path("aud"),
        role: path("roles"),
        roles: vec![
            ("affiliate".to_owned(), GrantedRole::Promoter),
            ("support".to_owned(), GrantedRole::Analyst { pii: true }),
            ("staff".to_owned(), GrantedRole::Admin),
        ],
        default_role: None,
        promoter: PromoterBy::Id(path("promoter")),
    }
}

fn who(mapping: &Mapping, claims: &Value) -> Option<Identity> {
    mapping.who(claims.as_object().unwrap()).ok()
}

#[test]
fn only_the_roles_of_the_map_count() {
    let admin = Some(Identity::Viewer(Viewer::Admin));
    assert_eq!(who(&mapping(), &json!({"roles": "staff"})), admin);
    assert_eq!(who(&mapping(), &json!({"roles": ["offline_access", "staff"]})), admin);
    let pii = Viewer::Analyst { pii: true };
    assert_eq!(who(&mapping(), &json!({"roles": "support", "pii": false})), Some(Identity::Viewer(pii)));
    for none in [
        json!({}),
        json!({"roles": null}),
        json!({"roles": "admin"}),
        json!({"roles": "Staff"}),
        json!({"roles": "staff "}),
        json!({"roles": []}),
        json!({"roles": 1}),
        json!({"roles": {"staff": true}}),
        json!({"roles": ["staff", 1]}),
        json!({"role": "staff"}),
    ] {
        assert_eq!(who(&mapping(), &none), None, "{none}");
    }
}

#[test]
fn of_several_roles_the_first_of_the_map_counts() {
    let claims = json!({"roles": ["staff", "affiliate"], "promoter": 7});
    assert_eq!(who(&mapping(), &claims), Some(Identity::Viewer(Viewer::Promoter { id: 7 })));
    assert_eq!(who(&mapping(), &json!({"roles": ["staff", "affiliate"]})), None, "no fall-back to the next one");
}

#[test]
fn a_default_role_is_for_tokens_without_a_known_role_and_not_for_odd_ones() {
    let mapping = Mapping { default_role: Some(GrantedRole::Promoter), ..mapping() };
    let promoter = Some(Identity::Viewer(Viewer::Promoter { id: 7 }));
    assert_eq!(who(&mapping, &json!({"promoter": 7})), promoter);
    assert_eq!(who(&mapping, &json!({"promoter": 7, "roles": ["offline_access"]})), promoter);
    assert_eq!(who(&mapping, &json!({"promoter": 7, "roles": 5})), None);
    assert_eq!(who(&mapping, &json!({})), None);
}

#[test]
fn a_promoter_id_is_a_whole_number_above_zero_or_its_digits() {
    let seven = Some(Identity::Viewer(Viewer::Promoter { id: 7 }));
    for good in [json!(7), json!("7")] {
        assert_eq!(who(&mapping(), &json!({"roles": "affiliate", "promoter": good})), seven);
    }
    for wrong in [
        json!(0),
        json!(-7),
        json!(7.0),
        json!(7.5),
        json!(1e30),
        json!(u64::MAX),
        json!(""),
        json!("07"),
        json!("+7"),
        json!(" 7"),
        json!("7.0"),
        json!("-7"),
        json!("0"),
        json!("٧"),
        json!("99999999999999999999"),
        json!([7]),
        json!({"id": 7}),
        json!(true),
        json!(null),
    ] {
        assert_eq!(who(&mapping(), &json!({"roles": "affiliate", "promoter": wrong})), None, "{wrong}");
    }
}

#[test]
fn an_email_address_counts_only_when_it_is_verified() {
    let (claim, verified) = ("email".parse().unwrap(), "email_verified".parse().unwrap());
    let mapping = Mapping { promoter: PromoterBy::Email { claim, verified }, ..mapping() };
    let of = |email: Value, verified: Value| {
        who(&mapping, &json!({"roles": "affiliate", "promoter": 7, "email": email, "email_verified": verified}))
    };
    assert_eq!(of(json!("a@b.c"), json!(true)), Some(Identity::Promoter(PromoterLookup::email("a@b.c"))));
    for verified in [json!(false), json!("true"), json!(1), json!(null), json!([true])] {
        assert_eq!(of(json!("a@b.c"), verified.clone()), None, "{verified}");
    }
    for email in [json!(""), json!(" "), json!(null), json!(["a@b.c"]), json!(1)] {
        assert_eq!(of(email.clone(), json!(true)), None, "{email}");
    }
}
