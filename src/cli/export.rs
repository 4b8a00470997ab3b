//! `promograph export`: a list of the API as a file, as `/export` of the server gives it.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{ErrorKind, Write as _, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::Context as _;
use clap::{Args, ValueEnum, builder::PossibleValuesParser};

use super::{
    command_context::CommandContext,
    progress::{self, ProgressReporter},
    token,
};
use crate::{
    auth::{Role, Session},
    graphql::{
        Api, ApiConfig,
        export::{EXPORTS, Export, ExportPages},
    },
    limits::RequestLimits,
};

/// Longer than a server gives a page: nobody else waits for it.
const PAGE_TIMEOUT: Duration = Duration::from_secs(600);

/// `promograph export`.
///
/// Needs no server, and may run beside one.
#[derive(Args, Debug)]
pub struct ExportCommand {
    /// The list
    #[arg(value_parser = PossibleValuesParser::new(EXPORTS.map(|list| list.name)))]
    list: String,
    /// The format
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// File to write, which is there once it is complete. Standard output if it is not given
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Columns, separated by commas, like id,email,promoter.email. All fields of the list if it is not given
    #[arg(long, value_name = "LIST")]
    fields: Option<String>,
    /// Filter of the list, as the API takes it, in JSON, like '{"state": {"eq": "ACTIVE"}}'
    #[arg(long, value_name = "JSON")]
    filter: Option<String>,
    /// Another argument, as the API takes it, like by=CAMPAIGN or 'period={"current": "MONTH"}' of performance. May be
    /// given several times
    #[arg(long, value_name = "NAME=JSON", value_parser = argument)]
    argument: Vec<(String, String)>,
    /// Include rows that FirstPromoter deleted
    #[arg(long)]
    include_deleted: bool,
    /// Begin a CSV file with a byte order mark, by which Excel knows UTF-8
    #[arg(long)]
    bom: bool,
    /// Whose view it is
    #[arg(long, value_parser = token::role(), default_value = "admin")]
    role: Role,
    /// FirstPromoter's promoter id, with --role promoter
    #[arg(long, value_name = "ID", required_if_eq("role", "promoter"), value_parser = clap::value_parser!(i64).range(1..))]
    promoter: Option<i64>,
    /// Show contact data (e-mail, names, addresses), with --role analyst
    #[arg(long)]
    pii: bool,
    #[command(flatten)]
    context: CommandContext,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Comma-separated values with a header
    Csv,
    /// One JSON object per line
    Ndjson,
}

impl ExportCommand {
    /// Writes the file.
    ///
    /// # Errors
    /// When an argument is wrong, or the file cannot be completed.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let viewer = token::viewer(self.role, self.promoter, self.pii)?;
        let extension = match self.format {
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
        };
        let export = Export::new(viewer, &format!("{}.{extension}", self.list), self.parameters())?;
        let db = self.context.open().await?;
        let limits = RequestLimits { duration: PAGE_TIMEOUT, ..RequestLimits::default() };
        db.read.set_statement_timeout(Api::statement_timeout(&limits));
        let api = Api::new(ApiConfig { limits, rate_points: u32::MAX, ..ApiConfig::new(db.clone()) });
        let session = Session { viewer, subject: "export".to_owned(), expires_at: i64::MAX, revocable: None };
        let pages = ExportPages::new(api, session, export);
        match &self.output {
            Some(path) => to_file(pages, path).await?,
            None => to_standard_output(pages).await?,
        }
        db.close().await?;
        Ok(ExitCode::SUCCESS)
    }

    fn parameters(&self) -> Vec<(String, String)> {
        let flag = |set: bool| set.then(|| "true".to_owned());
        let given = [
            ("fields", self.fields.clone()),
            ("filter", self.filter.clone()),
            ("includeDeleted", flag(self.include_deleted)),
            ("bom", flag(self.bom)),
        ];
        let given = given.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?)));
        given.chain(self.argument.iter().cloned()).collect()
    }
}

fn argument(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=JSON, like by=CAMPAIGN")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Writes a file beside it, which becomes the file at the end.
async fn to_file(mut pages: ExportPages, path: &Path) -> anyhow::Result<()> {
    let mut partial = OsString::from(path);
    partial.push(".partial");
    let mut file = File::create(&partial).with_context(|| format!("cannot write {}", partial.display()))?;
    let mut progress = ProgressReporter::new();
    let bar = progress.bar();
    let work = async {
        let (total, mut rows) = (pages.count().await?, 0);
        while let Some(page) = pages.next().await? {
            file.write_all(&page.lines).with_context(|| format!("cannot write {}", partial.display()))?;
            rows += page.rows as u64;
            progress.show(rows, total.max(rows), "rows");
        }
        file.sync_all()?;
        anyhow::Ok(())
    };
    let written = progress::unless_interrupted(work, bar, "interrupted; the file is not complete").await;
    progress.finish();
    if written.is_err() {
        // The error says that the file is not there.
        let _ = fs::remove_file(&partial);
    }
    written?;
    fs::rename(&partial, path).with_context(|| format!("cannot rename the file to {}", path.display()))
}

/// A reader that has read enough is no error.
async fn to_standard_output(mut pages: ExportPages) -> anyhow::Result<()> {
    while let Some(page) = pages.next().await? {
        let mut out = stdout().lock();
        match out.write_all(&page.lines).and_then(|()| out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            written => written.context("cannot write to the standard output")?,
        }
    }
    Ok(())
}
