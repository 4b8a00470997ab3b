//! Introspection and SDL, by async-graphql.

use async_graphql::{Request, Response, SDLExportOptions, Schema, ValidationMode, parser::types::ExecutableDocument};

mod registry;

use registry::{MutationRoot, QueryRoot, SubscriptionRoot};

/// Executes introspection of validated documents.
#[derive(Clone)]
pub struct IntrospectionEngine(Schema<QueryRoot, MutationRoot, SubscriptionRoot>);

impl std::fmt::Debug for IntrospectionEngine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("IntrospectionEngine")
    }
}

impl IntrospectionEngine {
    /// Builds the schema, so that a mistake in it fails at the start.
    #[must_use]
    pub fn new() -> Self {
        let schema = Schema::build(QueryRoot, MutationRoot, SubscriptionRoot).disable_suggestions();
        Self(schema.validation_mode(ValidationMode::Fast).finish())
    }

    /// Executes a validated document with nothing but introspection.
    pub async fn run(&self, document: ExecutableDocument, variables: async_graphql::Variables) -> Response {
        let mut request = Request::new("").variables(variables);
        request.set_parsed_query(document);
        self.0.execute(request).await
    }

    /// The schema as SDL, sorted.
    #[must_use]
    pub fn sdl(&self) -> String {
        let options = SDLExportOptions::new()
            .sorted_fields()
            .sorted_arguments()
            .sorted_enum_items()
            .prefer_single_line_descriptions()
            .use_space_ident();
        self.0.sdl_with_options(options)
    }
}

impl Default for IntrospectionEngine {
    fn default() -> Self {
        Self::new()
    }
}
