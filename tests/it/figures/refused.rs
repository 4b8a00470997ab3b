//! Questions that have no answer: each a clear error that names what is wrong.

use promograph::auth::Viewer;

use crate::support::{Client, TestApp, TestDatabase, on_both};

const MARCH: &str = "period: {dates: {from: \"2026-03-01\", to: \"2026-03-31\"}}";

/// Arguments, what is selected of rows, the code, and what the message names.
type Case = (&'static str, &'static str, &'static str, &'static [&'static str]);

const BAD_INPUT: &str = "BAD_USER_INPUT";
const FORBIDDEN: &str = "FORBIDDEN";

/// For everybody.
const CASES: &[Case] = &[
    (
        "MARCH timezone: \"Europe/Atlantis\"",
        "referrals",
        "GRAPHQL_VALIDATION_FAILED",
        &["`timezone`", "not \"Europe/Atlantis\"", "Europe/Berlin"],
    ),
    ("", "referrals", BAD_INPUT, &["referrals", "period"]),
    ("interval: DAY", "liability", BAD_INPUT, &["liability", "interval"]),
    ("period: {}", "referrals", "GRAPHQL_VALIDATION_FAILED", &["PerformancePeriod", "exactly one"]),
    ("period: {current: DAY, last: {count: 1, unit: DAY}}", "referrals", "GRAPHQL_VALIDATION_FAILED", &["exactly one"]),
    ("period: {last: {count: 0, unit: DAY}}", "referrals", BAD_INPUT, &["count", "0", "at least 1"]),
    ("period: {last: {count: 2147483647, unit: YEAR}}", "referrals", BAD_INPUT, &["period", "1 to 9999"]),
    (
        "period: {dates: {from: \"2026-03-02\", to: \"2026-03-01\"}}",
        "referrals",
        BAD_INPUT,
        &["2026-03-01", "2026-03-02"],
    ),
    (
        "period: {instants: {from: \"2026-03-01T00:00:00Z\", to: \"2026-03-01T00:00:00Z\"}}",
        "referrals",
        BAD_INPUT,
        &["period.instants", "`from` before `to`"],
    ),
    (
        "period: {dates: {from: \"0000-01-01\", to: \"2026-03-01\"}}",
        "referrals",
        "GRAPHQL_VALIDATION_FAILED",
        &["`from`", "year 1"],
    ),
    (
        "period: {dates: {from: \"2026-02-30\", to: \"2026-03-01\"}}",
        "referrals",
        "GRAPHQL_VALIDATION_FAILED",
        &["`from`", "date such as", "not \"2026-02-30\""],
    ),
    (
        "period: {dates: {from: \"2026-03-01\", to: \"9999-12-31\"}}",
        "referrals",
        BAD_INPUT,
        &["`period.dates.to` is 9999-12-31", "from 0001-01-02 to 9999-12-29"],
    ),
    (
        "period: {dates: {from: \"0001-01-01\", to: \"0001-01-02\"}} compareTo: PREVIOUS_YEAR",
        "referrals",
        BAD_INPUT,
        &["compareTo", "1 to 9999"],
    ),
    ("period: {last: {count: 10001, unit: HOUR}} interval: HOUR", "referrals", BAD_INPUT, &["interval", "10000"]),
    ("MARCH by: [CAMPAIGN, PROMOTER, COUNTRY, OFFER]", "referrals", BAD_INPUT, &["by", "4", "at most 3"]),
    ("MARCH by: [CAMPAIGN, PROMOTER, CAMPAIGN]", "referrals", BAD_INPUT, &["by", "CAMPAIGN", "twice"]),
    (
        "MARCH by: [PLAN]",
        "payoutsPaid",
        BAD_INPUT,
        &["`payoutsPaid` cannot be told by PLAN: expected CAMPAIGN, PROMOTER, "],
    ),
    ("MARCH by: [CAMPAIGN]", "promotersJoined", BAD_INPUT, &["promotersJoined", "CAMPAIGN"]),
    ("MARCH by: [TIER]", "netRevenue", BAD_INPUT, &["netRevenue", "TIER"]),
    (
        "MARCH filter: {payoutStatus: {eq: PENDING}}",
        "revenue",
        BAD_INPUT,
        &["`revenue` cannot be told by `filter.payoutStatus`: expected campaignId, ", ", selfReferral"],
    ),
    ("MARCH by: [LEAD_STATE] orderBy: [{measure: ENROLMENTS}]", "referrals", BAD_INPUT, &["enrolments", "LEAD_STATE"]),
    ("MARCH orderBy: [{measure: SALES}, {measure: SALES}]", "referrals", BAD_INPUT, &["orderBy", "SALES", "twice"]),
    ("MARCH", "campaign { id } referrals", BAD_INPUT, &["`campaign` needs `by: [CAMPAIGN]`"]),
    (
        "MARCH by: [PROMOTER]",
        "campaign { name } referrals",
        BAD_INPUT,
        &["`campaign` needs `by: [PROMOTER, CAMPAIGN]`"],
    ),
    ("MARCH by: [CAMPAIGN]", "referrals plan", BAD_INPUT, &["`plan` needs `by: [CAMPAIGN, PLAN]`"]),
    (
        "MARCH by: [CAMPAIGN, UNIT]",
        "campaign { id }",
        BAD_INPUT,
        &["`by: [CAMPAIGN, UNIT]` needs a measure", "`referrals`"],
    ),
    ("MARCH interval: MOTNH", "referrals", "GRAPHQL_VALIDATION_FAILED", &["`interval`", "MONTH", "not \"MOTNH\""]),
    ("MARCH interval: DAY", "activeCustomers", BAD_INPUT, &["activeCustomers", "interval"]),
    ("MARCH compareTo: PREVIOUS_YEAR", "payoutsDue", BAD_INPUT, &["payoutsDue", "compareTo"]),
    ("MARCH interval: DAY orderBy: [{measure: LIABILITY}]", "referrals", BAD_INPUT, &["liability", "interval"]),
    ("MARCH filter: {campaignId: {eq: \"x\"}}", "referrals", BAD_INPUT, &["campaignId"]),
    ("MARCH", "earnings(unit: OTHER)", BAD_INPUT, &["unit", "OTHER"]),
    ("MARCH", "previous { referrals }", BAD_INPUT, &["`previous` needs `compareTo`"]),
    ("MARCH filter: {unit: {eq: OTHER}}", "earnings", BAD_INPUT, &["`earnings` would add different units: OTHER"]),
    ("MARCH filter: {unit: {in: [OTHER]}} by: [UNIT]", "payoutsPaid", BAD_INPUT, &["`payoutsPaid`", "different units"]),
    ("by: [UNIT]", "liability", BAD_INPUT, &["`liability` cannot be told by UNIT"]),
    ("filter: {unit: {eq: CASH}}", "liability", BAD_INPUT, &["`liability` cannot be told by `filter.unit`"]),
    ("MARCH first: 0", "referrals", BAD_INPUT, &["first", "0", "1 to 1000"]),
    ("MARCH first: -1", "referrals", BAD_INPUT, &["first", "-1"]),
    ("MARCH first: 1001", "referrals", BAD_INPUT, &["first", "1001", "1 to 1000"]),
    ("MARCH after: \"x\"", "referrals", BAD_INPUT, &["after", "cursor"]),
    // A cursor of `orderBy: [{measure: SALES}]`.
    ("MARCH after: \"WyIrc2FsZXMiLFsiMCJdLG51bGwsW11d\"", "referrals", BAD_INPUT, &["after", "another report"]),
];

/// For promoters: nothing on fraud, whatever the way.
const PROMOTERS: &[Case] = &[
    ("MARCH", "suspicious", FORBIDDEN, &["suspicious"]),
    ("MARCH compareTo: PREVIOUS_YEAR", "previous { selfReferrals }", FORBIDDEN, &["selfReferrals"]),
    ("MARCH by: [SUSPICION]", "referrals", FORBIDDEN, &["suspicion"]),
    ("MARCH filter: {suspicion: {eq: AD_SOURCE}}", "referrals", FORBIDDEN, &["suspicion"]),
    ("MARCH filter: {selfReferral: {eq: true}}", "sales", FORBIDDEN, &["elfReferral"]),
    ("MARCH orderBy: [{measure: SUSPICIOUS}]", "referrals", FORBIDDEN, &["suspicious"]),
    ("MARCH orderBy: [{measure: SELF_REFERRALS}]", "sales", FORBIDDEN, &["selfReferrals"]),
];

/// For analysts without the right to contact data.
const WITHOUT_CONTACTS: &[Case] = &[
    ("MARCH by: [SUB_ID]", "referrals", FORBIDDEN, &["ubId"]),
    ("MARCH filter: {subId: {eq: \"x\"}}", "referrals", FORBIDDEN, &["ubId"]),
    ("MARCH filter: {subId: {isNull: true}}", "sales", FORBIDDEN, &["ubId"]),
];

#[tokio::test]
async fn a_report_that_cannot_be_told_is_an_error_that_names_what_clashes() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let mut wrong = Vec::new();
        check(&app.admin(), "admin", CASES, &mut wrong).await;
        check(&app.promoter(1), "promoter", &[CASES, PROMOTERS].concat(), &mut wrong).await;
        check(&app.analyst(false), "analyst", &[CASES, WITHOUT_CONTACTS].concat(), &mut wrong).await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        // What is refused to some is answered to others.
        for (viewer, cases) in [(Viewer::Admin, PROMOTERS), (Viewer::Analyst { pii: true }, WITHOUT_CONTACTS)] {
            for (arguments, selected, ..) in cases {
                let answer = app.client(viewer).query(&document(arguments, selected)).await;
                assert!(answer.body.get("errors").is_none(), "{arguments} {selected}: {}", answer.text);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn cohorts_that_cannot_be_told_are_an_error_that_names_why() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for (arguments, code, named) in [
            ("by: DAY", BAD_INPUT, "`by` is DAY: expected WEEK, MONTH, QUARTER or YEAR"),
            ("months: 0", BAD_INPUT, "`months` is 0"),
            ("months: 61", BAD_INPUT, "1 to 60"),
            ("timezone: \"Mars\"", "GRAPHQL_VALIDATION_FAILED", "IANA"),
            ("filter: {payoutStatus: {eq: PENDING}}", BAD_INPUT, "payoutStatus"),
            (
                "filter: {tier: {eq: 1}}",
                BAD_INPUT,
                "`leadCohorts` cannot be told by `filter.tier`: expected campaignId, ",
            ),
        ] {
            let answer = app.admin().query(&format!("{{ leadCohorts({arguments}) {{ size }} }}")).await;
            assert!(answer.codes() == [code] && answer.text.contains(named), "{arguments}: {}", answer.text);
        }
        let document = "{ leadCohorts(filter: {suspicion: {eq: AD_SOURCE}}) { size } }";
        assert_eq!(app.promoter(1).query(document).await.codes(), [FORBIDDEN]);
        let document = "{ leadCohorts(filter: {subId: {eq: \"x\"}}) { size } }";
        assert_eq!(app.analyst(false).query(document).await.codes(), [FORBIDDEN]);
    })
    .await;
}

fn document(arguments: &str, selected: &str) -> String {
    format!("{{ performance({}) {{ nodes {{ {selected} }} }} }}", arguments.replace("MARCH", MARCH))
        .replace("performance()", "performance")
}

async fn check(client: &Client, viewer: &str, cases: &[Case], wrong: &mut Vec<String>) {
    for (arguments, selected, code, named) in cases {
        let answer = client.query(&document(arguments, selected)).await;
        let message = answer.body["errors"][0]["message"].as_str().unwrap_or_default();
        if answer.codes() != [*code] || named.iter().any(|name| !message.contains(name)) {
            wrong.push(format!("{viewer}: {arguments} {selected} expects {code} {named:?}: {}", answer.text));
        }
    }
}
