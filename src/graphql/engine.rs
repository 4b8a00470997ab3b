//! What async-graphql does for us: validation by the schema, introspection, mutations, the SDL.

use std::sync::Arc;

use async_graphql::{
    Request, Response, SDLExportOptions, Schema, ServerError, ValidationMode, Value,
    async_trait::async_trait,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
    parser::types::ExecutableDocument,
};

use super::{
    explicit,
    fault::Fault,
    mutation::MutationRoot,
    schema::{QueryRoot, SCHEMA, SubscriptionRoot},
};
use crate::error::{Code, Exceeded};

type Engine = Schema<QueryRoot, MutationRoot, SubscriptionRoot>;

/// How deep async-graphql lets selections nest; our own limits come first.
const RECURSION: usize = 64;

/// How many broken rules are told: a short document can break very many.
const MAX_ERRORS: usize = 20;

/// Validates, and runs what is not read by our planner.
#[derive(Clone)]
pub struct Validator {
    /// All rules, and nothing is executed.
    strict: Engine,
    /// Executes documents that were validated.
    runner: Engine,
}

impl std::fmt::Debug for Validator {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Validator")
    }
}

impl Validator {
    /// Builds both engines. The first use of the schema, so that a mistake in it shows at the start.
    #[must_use]
    pub fn new() -> Self {
        let build = || {
            Schema::build(QueryRoot, MutationRoot, SubscriptionRoot)
                .disable_suggestions()
                .limit_recursive_depth(RECURSION)
        };
        Self {
            strict: build().validation_mode(ValidationMode::Strict).extension(OnlyValidate).finish(),
            runner: build().validation_mode(ValidationMode::Fast).finish(),
        }
    }

    /// Checks a document by the rules of the specification.
    ///
    /// # Errors
    /// The rules that are broken, the first twenty places.
    pub async fn validate(&self, document: &ExecutableDocument, operation: Option<&str>) -> Result<(), Vec<Fault>> {
        let mut document = document.clone();
        explicit::spell_out(&SCHEMA, &mut document);
        let response = self.strict.execute(request(document, operation)).await;
        if response.errors.is_empty() {
            return Ok(());
        }
        let mut faults: Vec<Fault> = Vec::new();
        for error in &response.errors {
            let fault = too_deep(error).unwrap_or_else(|| Fault::of(error, Code::GraphqlValidationFailed));
            // An unknown type breaks several rules at once, which say the same.
            if !faults.contains(&fault) {
                faults.push(fault);
            }
            if faults.len() == MAX_ERRORS {
                break;
            }
        }
        Err(faults)
    }

    /// Runs a validated document: introspection or mutations.
    pub async fn run(
        &self,
        document: ExecutableDocument,
        operation: Option<&str>,
        prepare: impl FnOnce(Request) -> Request,
    ) -> Response {
        self.runner.execute(prepare(request(document, operation))).await
    }

    /// The schema in its own language, sorted.
    #[must_use]
    pub fn sdl(&self) -> String {
        let options = SDLExportOptions::new()
            .sorted_fields()
            .sorted_arguments()
            .sorted_enum_items()
            .prefer_single_line_descriptions()
            .use_space_ident();
        self.runner.sdl_with_options(options)
    }
}

/// Selections that nest too deep for async-graphql, as only fragments within fragments can.
fn too_deep(error: &ServerError) -> Option<Fault> {
    error.message.starts_with("The recursion depth").then(|| {
        let most = RECURSION as u64;
        let fault = Fault::over(Exceeded::fixed("selections", most, most + 1), "selections within selections or more");
        Fault { locations: error.locations.clone(), ..fault }
    })
}

impl Default for Validator {
    fn default() -> Self {
        Self::new()
    }
}

fn request(document: ExecutableDocument, operation: Option<&str>) -> Request {
    let mut request = Request::new("");
    request.set_parsed_query(document);
    match operation {
        Some(name) => request.operation_name(name),
        None => request,
    }
}

/// Stops after validation: async-graphql has no other way to only validate.
struct OnlyValidate;

impl ExtensionFactory for OnlyValidate {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for OnlyValidate {
    async fn execute(&self, _: &ExtensionContext<'_>, _: Option<&str>, _: NextExecute<'_>) -> Response {
        Response::new(Value::Null)
    }
}
