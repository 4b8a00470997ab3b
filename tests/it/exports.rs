//! `/export`: lists as files.

use std::fmt::Write as _;

use axum::{body::Body, http::StatusCode};
use promograph::{
    auth::Viewer,
    graphql::{Api, ApiConfig, TrustedDocuments, TrustedMode},
    http::Origin,
    limits::RequestLimits,
};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, TestDatabase, escaped, fixture, on_both};

mod reports;
mod streams;

async fn run(test: &TestDatabase, sql: &str) {
    test.database.write.execute_unprepared(sql).await.unwrap();
}

/// Two promoters; so many leads of the first one, and one of the second.
async fn fill(test: &TestDatabase, leads: usize) {
    run(
        test,
        "insert into promoter (id, email, is_stub, first_seen_at, updated_at) values \
        (1, 'jane@example.com', false, 0, 0), (2, 'joe@example.com', false, 0, 0)",
    )
    .await;
    let mut rows = String::from("(90000, 2, 'late@example.org', 'signup', false, 0, 0)");
    for id in 1..=leads {
        let _ = write!(rows, ", ({id}, 1, 'lead-{id}@example.org', 'active', false, 0, 0)");
    }
    run(
        test,
        &format!("insert into lead (id, promoter_id, email, state, is_stub, first_seen_at, updated_at) values {rows}"),
    )
    .await;
}

fn lines(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.text.lines().collect()
}

fn refused(answer: &Answer) -> (u16, &str, &str) {
    let message = answer.body["errors"][0]["message"].as_str().unwrap_or_else(|| panic!("{answer:?}"));
    (answer.status.as_u16(), answer.codes()[0], message)
}

#[tokio::test]
async fn a_list_is_a_file_of_csv_or_of_json_lines_with_relations_as_dotted_columns() {
    on_both(async |test: TestDatabase| {
        fill(&test, 2).await;
        run(&test, "update lead set promoter_id = null where id = 2").await;
        run(&test, "update lead set deleted_at = 1 where id = 90000").await;
        let app = TestApp::new(&test);
        let fields = "?fields=firstPromoterId,promoter.email,email,promoter.firstPromoterId,state,isExpired";
        let csv = app.admin().get(&format!("/export/leads.csv{fields}")).await;
        let expected = "firstPromoterId,promoter.email,email,promoter.firstPromoterId,state,isExpired\r\n\
            1,jane@example.com,lead-1@example.org,1,ACTIVE,\r\n\
            2,,lead-2@example.org,,ACTIVE,\r\n";
        assert_eq!(csv.text, expected);
        let headers = ["content-type", "content-disposition", "cache-control"].map(|name| &csv.headers[name]);
        let expected = ["text/csv; charset=utf-8; header=present", "attachment; filename=\"leads.csv\"", "no-store"];
        assert_eq!(headers, expected);
        assert!(csv.headers.contains_key("ratelimit-remaining"));

        let answer = app.admin().get(&format!("/export/leads.ndjson{fields}")).await;
        let expected = [
            json!({"firstPromoterId": 1, "promoter.email": "jane@example.com", "email": "lead-1@example.org",
                "promoter.firstPromoterId": 1, "state": "ACTIVE", "isExpired": null}),
            json!({"firstPromoterId": 2, "promoter.email": null, "email": "lead-2@example.org",
                "promoter.firstPromoterId": null, "state": "ACTIVE", "isExpired": null}),
        ];
        let objects: Vec<Value> = lines(&answer).iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(objects, expected);
        assert_eq!(answer.headers["content-type"], "application/x-ndjson");

        let filter = escaped(r#"{"firstPromoterId": {"gt": 1}}"#);
        let answer = app.admin().get(&format!("/export/leads.csv?fields=firstPromoterId&filter={filter}")).await;
        assert_eq!(answer.text, "firstPromoterId\r\n2\r\n");
        let answer = app.admin().get("/export/leads.csv?fields=firstPromoterId&includeDeleted=true&filter=").await;
        assert_eq!(answer.text, "firstPromoterId\r\n1\r\n2\r\n90000\r\n");
        let nobody = escaped(r#"{"firstPromoterId": {"eq": 5}}"#);
        let answer = app.admin().get(&format!("/export/leads.csv?fields=id&filter={nobody}")).await;
        assert_eq!(answer.text, "id\r\n", "a header without rows");
        let answer = app.admin().get(&format!("/export/leads.ndjson?fields=id&filter={nobody}")).await;
        assert_eq!(answer.text, "");
    })
    .await;
}

#[tokio::test]
async fn spreadsheets_take_no_text_for_a_formula_and_numbers_stay_numbers() {
    on_both(async |test: TestDatabase| {
        let cells = [
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("-5", "'-5"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("\nx", "\"'\nx\""),
            ("＝1+1", "'＝1+1"),
            ("a=b", "a=b"),
            ("a, \"b\"\r\nc", "\"a, \"\"b\"\"\r\nc\""),
            ("Größe", "Größe"),
        ];
        for (id, (text, _)) in (1..).zip(cells) {
            run(&test, &format!(
                "insert into commission (id, internal_note, amount, unit, sale_amount, is_stub, first_seen_at, updated_at) \
                    values ({id}, '{text}', -125000, 'cash', -7, false, 0, 0)"
            )).await;
        }
        let app = TestApp::new(&test);
        let path = "/export/commissions.csv?fields=amount,saleAmount,internalNote";
        let mut expected = String::from("amount,saleAmount,internalNote\r\n");
        for (_, cell) in cells {
            let _ = write!(expected, "-12.5,-7,{cell}\r\n");
        }
        assert_eq!(app.admin().get(path).await.text, expected);
        assert_eq!(app.admin().get(&format!("{path}&bom=1")).await.text, format!("\u{feff}{expected}"));

        run(&test, r#"insert into lead (id, custom_fields, is_stub, first_seen_at, updated_at) values
            (1, '{"a": [1, 0.10000000000000000555]}', false, 0, 0), (2, '-5', false, 0, 0)"#).await;
        let answer = app.admin().get("/export/leads.csv?fields=customFields").await;
        let expected = "customFields\r\n\"{\"\"a\"\": [1, 0.10000000000000000555]}\"\r\n-5\r\n";
        assert_eq!(answer.text, expected, "JSON is copied as it is");
    })
    .await;
}

#[tokio::test]
async fn every_row_is_in_the_file_once_in_the_order_of_the_ids() {
    on_both(async |test: TestDatabase| {
        fill(&test, 450).await;
        let expected: Vec<_> = (1..=450).chain([90_000]).map(|id: usize| id.to_string()).collect();
        let header = ["firstPromoterId".to_owned()];
        let app = TestApp::new(&test);
        let answer = app.admin().get("/export/leads.csv?fields=firstPromoterId").await;
        assert_eq!(lines(&answer), header.iter().chain(&expected).collect::<Vec<_>>());

        // A page that is larger than a response may be is read in parts.
        let limits = RequestLimits { answer_bytes: 600, ..RequestLimits::default() };
        let small = TestApp::with(&test, limits, |_| {});
        let answer = small.admin().get("/export/leads.csv?fields=firstPromoterId").await;
        assert_eq!(lines(&answer), header.iter().chain(&expected).collect::<Vec<_>>());
        let limits = RequestLimits { answer_bytes: 60, ..RequestLimits::default() };
        let answer = TestApp::with(&test, limits, |_| {}).admin().get("/export/leads.csv").await;
        assert_eq!(refused(&answer).1, "LIMIT_EXCEEDED", "one row is too large");
    })
    .await;
}

#[tokio::test]
async fn an_export_shows_its_viewer_what_the_api_shows() {
    on_both(async |test: TestDatabase| {
        fill(&test, 1).await;
        let app = TestApp::new(&test);
        let header = async |client: crate::support::Client, file: &str| {
            let answer = client.get(&format!("/export/{file}.csv")).await;
            lines(&answer)[0].to_owned()
        };
        let all = header(app.admin(), "leads").await;
        let start = "id,firstPromoterId,state,stateRaw,email,uid,username,website,firstName,lastName,customerSince";
        assert!(
            all.starts_with(start) && all.contains(",promoterId,") && all.ends_with(",deletedAt,updatedAt"),
            "{all}"
        );
        assert_eq!(header(app.analyst(true), "leads").await, all);
        let masked = header(app.analyst(false), "leads").await;
        assert!(masked.starts_with("id,firstPromoterId,state,stateRaw,email,customerSince"), "{masked}");
        let own = header(app.promoter(1), "leads").await;
        assert!(own.contains(",uid,") && !own.contains("suspicion") && !own.contains("updatedAt"), "{own}");

        let path = "/export/leads.csv?fields=firstPromoterId,email,promoter.email";
        let row = "1,l***@example.org,j***@example.com";
        assert_eq!(lines(&app.analyst(false).get(path).await)[1], row);
        let answer = app.promoter(1).get(path).await;
        assert_eq!(lines(&answer)[1..], ["1,lead-1@example.org,jane@example.com"], "no row of another promoter");

        for (client, path, name) in [
            (app.analyst(false), "/export/leads.csv?fields=id,uid", "uid"),
            (app.analyst(false), "/export/leads.ndjson?fields=promoter.note", "promoter.note"),
            (app.promoter(1), "/export/leads.csv?fields=suspicion", "suspicion"),
            (app.promoter(1), "/export/payouts.csv?fields=paymentsBatch.total", "paymentsBatch.total"),
            (app.analyst(true), "/export/webhook-events.csv", "WebhookEvent"),
            (app.promoter(1), "/export/webhook-events.csv?fields=id", "WebhookEvent"),
        ] {
            let answer = client.get(path).await;
            let (status, code, message) = refused(&answer);
            assert_eq!((status, code), (403, "FORBIDDEN"), "{path}");
            assert!(message.starts_with(&format!("`{name}` ")), "{message}");
        }
        let filter = escaped(r#"{"uid": {"eq": "1"}}"#);
        let answer = app.analyst(false).get(&format!("/export/leads.csv?fields=id&filter={filter}")).await;
        assert_eq!((refused(&answer).0, refused(&answer).1), (403, "FORBIDDEN"));
        for client in [app.anonymous(), app.bearer("nonsense")] {
            assert_eq!(refused(&client.get("/export/leads.csv").await).0, 401);
        }
        for (file, beginning) in [
            ("promoters", "id,firstPromoterId,status,"),
            ("promotions", "id,firstPromoterId,status,"),
            ("commissions", "id,firstPromoterId,status,"),
            ("payouts", "id,firstPromoterId,status,"),
        ] {
            for client in [app.admin(), app.analyst(false), app.promoter(1)] {
                let shown = header(client, file).await;
                assert!(shown.starts_with(beginning), "{file}: {shown}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn webhook_events_are_exported_with_their_bodies_for_admins() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        app.deliver(fixture("seed_lead_signup")).await;
        app.settle().await;
        let answer = app.admin().get("/export/webhook-events.ndjson?fields=eventType,status,body,warnings").await;
        let event: Value = serde_json::from_str(lines(&answer)[0]).unwrap();
        assert_eq!((&event["eventType"], &event["status"]), (&json!("lead_signup"), &json!("APPLIED")));
        assert!(event["body"].as_str().unwrap().contains("lead_signup"));
    })
    .await;
}

#[tokio::test]
async fn a_wrong_request_is_told_what_is_wrong_and_what_there_is() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for (path, status, code, said) in [
            ("/export/lead.csv", 404, "NOT_FOUND", "expected one of leads, promoters, "),
            ("/export/leads.xlsx", 404, "NOT_FOUND", "with the extension .csv or .ndjson"),
            ("/export/leads", 404, "NOT_FOUND", "There is no such export"),
            (
                "/export/leads.csv?filters={}",
                400,
                "BAD_REQUEST",
                "no parameter `filters` here: expected fields, bom, filter,",
            ),
            ("/export/leads.ndjson?bom=1", 400, "BAD_REQUEST", "no parameter `bom` here: expected fields, filter,"),
            ("/export/leads.csv?orderBy=id", 400, "BAD_REQUEST", "no parameter `orderBy`"),
            ("/export/webhook-events.csv?includeDeleted=true", 400, "BAD_REQUEST", "no parameter `includeDeleted`"),
            ("/export/leads.csv?fields=id&fields=id", 400, "BAD_REQUEST", "`fields` is given twice"),
            ("/export/leads.csv?bom=0&bom=1", 400, "BAD_REQUEST", "`bom` is given twice"),
            ("/export/leads.csv?bom=yes", 400, "BAD_USER_INPUT", "`bom` is \"yes\": expected 1 or 0"),
            (
                "/export/leads.csv?fields=id,emial",
                400,
                "BAD_USER_INPUT",
                "`emial` is unknown: Lead has no field `emial`, but id, ",
            ),
            ("/export/leads.csv?fields=promoter.x", 400, "BAD_USER_INPUT", "Promoter has no field `x`, but id, "),
            ("/export/leads.csv?fields=id,,state", 400, "BAD_USER_INPUT", "has no field ``"),
            ("/export/leads.csv?fields=id,id", 400, "BAD_USER_INPUT", "`id` is given twice"),
            ("/export/leads.csv?fields=commissions", 400, "BAD_USER_INPUT", "`commissions` is a list"),
            ("/export/leads.csv?fields=commissions.nodes", 400, "BAD_USER_INPUT", "`commissions.nodes` is a list"),
            ("/export/leads.csv?fields=promoter", 400, "BAD_USER_INPUT", "name a field of it, such as `promoter.id`"),
            ("/export/leads.csv?fields=email.domain", 400, "BAD_USER_INPUT", "`email`, which has no fields"),
            (
                "/export/performance.csv?fields=liability(unit:CASH)",
                400,
                "BAD_USER_INPUT",
                "has no argument `unit`: expected age",
            ),
            (
                "/export/performance.csv?fields=referrals(unit:CASH)",
                400,
                "BAD_USER_INPUT",
                "has no argument `unit`: expected none",
            ),
            (
                "/export/performance.csv?fields=liability(age:OLD)",
                400,
                "BAD_USER_INPUT",
                "the wrong `age`: expected DAYS_0_TO_30, ",
            ),
            ("/export/performance.csv?fields=liability(age)", 400, "BAD_USER_INPUT", "as in `earnings(unit:CASH)`"),
            ("/export/performance.csv?fields=liability(age:OLD", 400, "BAD_USER_INPUT", "as in `earnings(unit:CASH)`"),
            (
                "/export/performance.csv?fields=payoutsDue(unit:CASH,unit:CASH)",
                400,
                "BAD_USER_INPUT",
                "gives `unit` twice",
            ),
            (
                "/export/performance.csv?fields=campaign.name",
                400,
                "BAD_USER_INPUT",
                "`campaign` needs `by: [CAMPAIGN]`",
            ),
            ("/export/leads.csv?fields=commissions(first:1)", 400, "BAD_USER_INPUT", "is a list"),
            (
                "/export/cohorts.csv?fields=periods",
                400,
                "BAD_USER_INPUT",
                "no field `periods`, but offset, converted, ",
            ),
            ("/export/cohorts.csv?by=HOUR", 400, "BAD_USER_INPUT", "`by` is HOUR: expected WEEK"),
            ("/export/cohorts.csv?by=FORTNIGHT", 400, "BAD_USER_INPUT", "not \"FORTNIGHT\""),
            ("/export/leads.csv?filter=x", 400, "BAD_USER_INPUT", "`filter`: expected LeadFilter as JSON"),
            ("/export/leads.csv?filter=[1]", 400, "BAD_USER_INPUT", "filter"),
            ("/export/leads.csv?includeDeleted=maybe", 400, "BAD_USER_INPUT", "includeDeleted"),
        ] {
            let answer = app.admin().get(&path.replace('{', "%7B").replace('}', "%7D").replace('[', "%5B")).await;
            let (got_status, got_code, message) = refused(&answer);
            assert_eq!((got_status, got_code), (status, code), "{path}: {message}");
            assert!(message.contains(said), "{path}: {message}");
        }
        for (filter, said) in [
            (r#"{"emial": {"eq": "x"}}"#, "emial"),
            (r#"{"state": {"eq": "WHATEVER"}}"#, "WHATEVER"),
            (r#"{"email": {"eq": "x", "eq": "y"}}"#, "twice"),
            (r#"{"amount": {"eq": 0.12345678901234567890}}"#, "0.12345678901234567890"),
        ] {
            let answer = app.admin().get(&format!("/export/leads.csv?filter={}", escaped(filter))).await;
            let (status, code, message) = refused(&answer);
            assert_eq!((status, code), (400, "BAD_USER_INPUT"), "{message}");
            assert!(message.contains(said) || filter.contains("WHATEVER"), "{message}");
        }
        let answer = app.admin().send("POST", "/export/leads.csv", &[], Body::empty()).await;
        assert_eq!(refused(&answer).0, 405);
    })
    .await;
}

#[tokio::test]
async fn where_only_trusted_documents_run_no_export_does() {
    on_both(async |test: TestDatabase| {
        let limits = RequestLimits::default();
        let trusted =
            TrustedDocuments::parse(br#"{"a": "{ leads { nodes { id } } }"}"#, TrustedMode::Only, &limits).unwrap();
        let app = TestApp::with(&test, limits, |state| {
            let config = state.api.config().clone();
            state.api = Api::new(ApiConfig { trusted_documents: Some(trusted), ..config });
        });
        let answer = app.client(Viewer::Admin).get("/export/leads.csv").await;
        assert_eq!((refused(&answer).0, refused(&answer).1), (400, "DOCUMENT_NOT_TRUSTED"));
    })
    .await;
}

#[tokio::test]
async fn an_export_is_compressed_and_open_to_pages_as_other_answers_are() {
    on_both(async |test: TestDatabase| {
        fill(&test, 450).await;
        let app = TestApp::with(&test, RequestLimits::default(), |state| {
            state.cors_origins = vec![Origin::parse("https://app.example.com").unwrap()];
        });
        let headers = [("accept-encoding", "gzip"), ("origin", "https://app.example.com"), ("accept", "image/png")];
        let response = app.admin().raw("GET", "/export/leads.csv", &headers, Body::empty()).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-encoding"], "gzip");
        assert_eq!(response.headers()["access-control-allow-origin"], "https://app.example.com");
        let exposed = response.headers()["access-control-expose-headers"].to_str().unwrap();
        assert!(exposed.contains("content-disposition"), "{exposed}");
    })
    .await;
}

/// The words of a line of a shell, without their quotes.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut quote, mut inside) = (Vec::new(), None, false);
    for letter in line.chars() {
        match (letter, quote) {
            ('\'' | '"', None) => quote = Some(letter),
            (_, Some(open)) if letter == open => quote = None,
            (' ', None) => inside = false,
            _ => {
                if !inside {
                    words.push(String::new());
                    inside = true;
                }
                words.last_mut().unwrap().push(letter);
            }
        }
    }
    words
}

#[tokio::test]
async fn the_curl_lines_of_the_docs_give_what_is_below_them() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for name in ["seed_promoter_signed_up", "seed_lead_signup"] {
            app.deliver(fixture(name)).await;
            app.settle().await;
        }
        let page = include_str!("../../docs/export.md").replace("\\\n", "");
        let block = page.split("```console\n").nth(1).unwrap().split_once("```").unwrap().0;
        let commands: Vec<_> = block.split("$ curl ").skip(1).collect();
        assert_eq!(commands.len(), 2);
        for command in commands {
            let (line, expected) = command.split_once('\n').unwrap();
            let words = words(line);
            let url = words.iter().find_map(|word| word.strip_prefix("http://127.0.0.1:8080")).unwrap();
            let parameters = words.windows(2).filter(|pair| ["-d", "--data-urlencode"].contains(&pair[0].as_str()));
            let parameters = parameters.map(|pair| {
                let (name, value) = pair[1].split_once('=').unwrap();
                format!("&{name}={}", escaped(value))
            });
            let separator = if url.contains('?') { "" } else { "?" };
            let answer = app.admin().get(&format!("{url}{separator}{}", parameters.collect::<String>())).await;
            assert_eq!(answer.text.replace('\r', ""), expected, "{line}");
        }
    })
    .await;
}
