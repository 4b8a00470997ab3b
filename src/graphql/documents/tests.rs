use super::*;
use crate::limits::RequestLimits;

const A: &str = "{ viewer { role } }";

fn request(query: &str, named: Option<DocumentRef>) -> Request {
    Request { query: query.to_owned(), document_ref: named, ..Request::default() }
}

fn hash(text: &str) -> DocumentRef {
    DocumentRef::Sha256(sha256(text))
}

fn code(documents: &Documents, query: &str, named: Option<DocumentRef>) -> Option<ErrorCode> {
    documents.find(&request(query, named)).err().map(|error| error.code)
}

fn is_known(documents: &Documents, query: &str, named: Option<DocumentRef>) -> bool {
    matches!(documents.find(&request(query, named)), Ok(DocumentLookup::Known(_)))
}

fn trusting(mode: TrustedMode) -> Documents {
    let manifest = serde_json::json!({"a": A}).to_string();
    Documents::new(Some(TrustedDocuments::parse(manifest.as_bytes(), mode, &RequestLimits::default()).unwrap()))
}

#[test]
fn a_document_is_known_by_its_hash_once_it_was_found_good() {
    let documents = Documents::default();
    assert_eq!(code(&documents, "", Some(hash(A))), Some(ErrorCode::PersistedQueryNotFound));
    assert!(!is_known(&documents, A, Some(hash(A))));
    assert_eq!(
        code(&documents, "", Some(hash(A))),
        Some(ErrorCode::PersistedQueryNotFound),
        "nobody said that it is good"
    );
    documents.insert(&Arc::new(Document::parse(A, &RequestLimits::default()).unwrap()), &request(A, Some(hash(A))));
    assert!(is_known(&documents, "", Some(hash(A))));
    assert!(is_known(&documents, A, None));
}

#[test]
fn a_document_that_was_kept_without_a_hash_gets_it_from_a_later_request() {
    let documents = Documents::default();
    documents.insert(&Arc::new(Document::parse(A, &RequestLimits::default()).unwrap()), &request(A, None));
    assert_eq!(code(&documents, "", Some(hash(A))), Some(ErrorCode::PersistedQueryNotFound));
    assert!(is_known(&documents, A, Some(hash(A))));
    assert!(is_known(&documents, "", Some(hash(A))));
}

#[test]
fn a_hash_of_something_else_is_refused() {
    let documents = Documents::default();
    documents.insert(&Arc::new(Document::parse(A, &RequestLimits::default()).unwrap()), &request(A, None));
    assert_eq!(code(&documents, A, Some(hash("{ x }"))), Some(ErrorCode::BadRequest));
    assert_eq!(code(&documents, A, Some(DocumentRef::Sha256(sha256(A).to_uppercase()))), Some(ErrorCode::BadRequest));
    assert_eq!(code(&documents, "", Some(hash("{ x }"))), Some(ErrorCode::PersistedQueryNotFound));
}

#[test]
fn trusted_documents_are_known_by_id_hash_and_text() {
    for mode in [TrustedMode::Only, TrustedMode::Allow] {
        let documents = trusting(mode);
        assert!(is_known(&documents, "", Some(DocumentRef::Id("a".to_owned()))));
        assert!(is_known(&documents, "", Some(DocumentRef::Sha256("a".to_owned()))));
        assert!(is_known(&documents, "", Some(hash(A))));
        assert!(is_known(&documents, A, None));
        assert_eq!(code(&documents, "", Some(DocumentRef::Id("b".to_owned()))), Some(ErrorCode::DocumentNotTrusted));
    }
}

#[test]
fn only_trusted_documents_are_found_where_only_those_count() {
    let only = trusting(TrustedMode::Only);
    for (query, named) in
        [("{ x }", None), ("{ x }", Some(hash("{ x }"))), ("", Some(hash("{ x }"))), ("{ __typename }", None)]
    {
        assert_eq!(code(&only, query, named), Some(ErrorCode::DocumentNotTrusted), "{query}");
    }
    let allow = trusting(TrustedMode::Allow);
    assert!(matches!(allow.find(&request("{ x }", None)), Ok(DocumentLookup::New(_))));
    assert_eq!(code(&allow, "", Some(hash("{ x }"))), Some(ErrorCode::PersistedQueryNotFound));
}

#[test]
fn without_trusted_documents_no_id_is_known() {
    assert_eq!(
        code(&Documents::default(), "", Some(DocumentRef::Id("a".to_owned()))),
        Some(ErrorCode::DocumentNotTrusted)
    );
}
