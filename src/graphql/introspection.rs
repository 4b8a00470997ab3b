//! What async-graphql does for us: introspection, and the SDL.

use async_graphql::{Request, Response, SDLExportOptions, Schema, ValidationMode, parser::types::ExecutableDocument};

use super::schema::{MutationRoot, QueryRoot, SubscriptionRoot};

/// Answers introspection of validated documents.
#[derive(Clone)]
pub struct IntrospectionEngine(Schema<QueryRoot, MutationRoot, SubscriptionRoot>);

impl std::fmt::Debug for IntrospectionEngine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("IntrospectionEngine")
    }
}

impl IntrospectionEngine {
    /// The first use of the schema, so that a mistake in it shows at the start.
    #[must_use]
    pub fn new() -> Self {
        let schema = Schema::build(QueryRoot, MutationRoot, SubscriptionRoot).disable_suggestions();
        Self(schema.validation_mode(ValidationMode::Fast).finish())
    }

    /// Runs a validated document of introspection.
    pub async fn run(&self, document: ExecutableDocument, variables: async_graphql::Variables) -> Response {
        let mut request = Request::new("").variables(variables);
        request.set_parsed_query(document);
        self.0.execute(request).await
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
        self.0.sdl_with_options(options)
    }
}

impl Default for IntrospectionEngine {
    fn default() -> Self {
        Self::new()
    }
}
