//! `promograph export`.

use std::fs;

use crate::support::{Promograph, TestDatabase, on_both};

const DEMO: [&str; 5] = ["demo", "--promoters", "3", "--leads", "9"];

#[tokio::test]
async fn a_list_is_written_to_a_file_or_to_the_standard_output() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        promograph.prints(&DEMO).await;
        let export = ["export", "leads", "--fields", "email,promoter.firstPromoterId"];
        let csv = promograph.prints(&export).await;
        assert!(csv.starts_with("email,promoter.firstPromoterId\r\n") && csv.contains("@example.com,"), "{csv}");
        assert_eq!(csv.lines().count(), 10);

        let file = promograph.folder().join("leads.csv");
        let output = promograph.run(&[&export[..], &["--output", "leads.csv", "--bom"]].concat()).await;
        assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
        let written = fs::read_to_string(&file).unwrap();
        assert_eq!(written.trim_end(), format!("\u{feff}{csv}"));
        // A file that is there is replaced.
        let filter = r#"{"firstPromoterId": {"lt": 0}}"#;
        promograph.prints(&[&export[..], &["--output", "leads.csv", "--filter", filter]].concat()).await;
        assert_eq!(fs::read_to_string(&file).unwrap(), "email,promoter.firstPromoterId\r\n");

        let report =
            ["export", "performance", "--argument", "by=CAMPAIGN", "--fields", "campaign.name,activeCustomers"];
        let report = promograph.prints(&report).await;
        assert!(report.starts_with("campaign.name,activeCustomers\r\n") && report.lines().count() > 1, "{report}");

        let cohorts = promograph.prints(&["export", "cohorts", "--argument", "months=3"]).await;
        assert_eq!(cohorts.lines().count(), 1 + 3 + 2 + 1, "{cohorts}");
        let owed = ["export", "performance", "--fields", "liability(age:OVER_90_DAYS),liability"];
        let owed = promograph.prints(&[&owed[..], &["--output", "owed.csv"]].concat()).await;
        assert_eq!(owed, "");
        let owed = fs::read_to_string(promograph.folder().join("owed.csv")).unwrap();
        assert!(owed.starts_with("liability(age:OVER_90_DAYS),liability\r\n") && owed.lines().count() == 2, "{owed}");

        let ndjson = promograph.prints(&["export", "webhook-events", "--format", "ndjson", "--fields", "body"]).await;
        assert!(ndjson.lines().all(|line| line.starts_with("{\"body\":\"{")) && ndjson.lines().count() > 9, "{ndjson}");
    })
    .await;
}

#[tokio::test]
async fn an_export_may_be_of_what_another_role_sees() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        promograph.prints(&DEMO).await;
        let emails = ["export", "leads", "--fields", "email"];
        let masked = promograph.prints(&[&emails[..], &["--role", "analyst"]].concat()).await;
        assert!(masked.lines().skip(1).all(|line| line.contains("***@")), "{masked}");
        let shown = promograph.prints(&[&emails[..], &["--role", "analyst", "--pii"]].concat()).await;
        assert!(shown.lines().count() == 10 && !shown.contains("***@"), "{shown}");
        let nobody = promograph.prints(&[&emails[..], &["--role", "promoter", "--promoter", "1"]].concat()).await;
        assert_eq!(nobody, "email");
        let (line, code) = promograph
            .complains(&["export", "leads", "--fields", "uid", "--role", "analyst", "--output", "x.csv"])
            .await;
        assert!(line.contains("FORBIDDEN") && line.contains("`uid` is not shown"), "{line}");
        assert_eq!(code, Some(1));
        let (line, _) = promograph.complains(&["export", "leads", "--pii"]).await;
        assert!(line.contains("--pii goes with --role analyst"), "{line}");
        assert!(!promograph.folder().join("x.csv").exists());
    })
    .await;
}

#[tokio::test]
async fn a_file_that_cannot_be_completed_is_not_there() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        promograph.prints(&DEMO).await;
        fs::write(promograph.folder().join("leads.csv"), "before").unwrap();
        let wrong = ["export", "leads", "--filter", r#"{"id": {"eq": "nonsense"}}"#, "--output", "leads.csv"];
        let (line, code) = promograph.complains(&wrong).await;
        assert!(line.starts_with("promograph: BAD_USER_INPUT: "), "{line}");
        assert_eq!(code, Some(1));
        assert_eq!(fs::read_to_string(promograph.folder().join("leads.csv")).unwrap(), "before");
        assert!(!promograph.folder().join("leads.csv.partial").exists());
        let (line, _) = promograph.complains(&["export", "leads", "--output", "missing/leads.csv"]).await;
        assert!(line.contains("cannot write missing/leads.csv.partial"), "{line}");
    })
    .await;
}
