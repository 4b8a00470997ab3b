"""The Python client `gql`; the server's address and token are in the environment."""

import os
import unittest

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.requests import RequestsHTTPTransport

PAGE = gql(
    """
    query Page($after: String) {
      leads(first: 50, after: $after, orderBy: [{ field: CREATED_AT, direction: DESC }]) {
        totalCount
        nodes { id state createdAt promoter { id } }
        pageInfo { hasNextPage endCursor }
      }
    }
    """
)


class Gql(unittest.TestCase):
    def setUp(self):
        headers = {"authorization": "Bearer " + os.environ["PROMOGRAPH_TOKEN"]}
        transport = RequestsHTTPTransport(url=os.environ["PROMOGRAPH_URL"] + "/graphql", headers=headers)
        # It asks for the whole schema, and checks every document against it.
        self.client = Client(transport=transport, fetch_schema_from_transport=True)

    def test_a_list_is_walked_to_its_end(self):
        ids, after = [], None
        while True:
            page = self.client.execute(PAGE, variable_values={"after": after})["leads"]
            ids += [lead["id"] for lead in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        self.assertEqual(len(ids), page["totalCount"])
        self.assertEqual(len(set(ids)), len(ids))

    def test_an_error_has_its_code(self):
        with self.assertRaises(TransportQueryError) as refused:
            self.client.execute(gql("{ leads(first: 1000) { nodes { id } } }"))
        self.assertEqual(refused.exception.errors[0]["extensions"]["code"], "BAD_USER_INPUT")


if __name__ == "__main__":
    unittest.main()
