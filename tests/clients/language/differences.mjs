/** Where the server means to judge otherwise than graphql-js does, and why. */
export const DIFFERENCES = [
  {
    why: 'Arguments are the same by their values. graphql-js compares how they are printed: for it "a" and """a""", 1.0 and 1.00, or 0 and -0 differ.',
    applies: ({ query }, theirs, ours) => "data" in ours && /conflict because they have differing arguments/.test(theirs) && /"""|\.\d|\de|-0/i.test(query),
  },
  {
    why: "`__typename` is a `String!` when fields are merged (SameResponseShape). graphql-js does not look at its type.",
    applies: ({ query }, theirs, ours) => !theirs && /they return different types/.test(ours.errors?.[0].message) && query.includes("__typename"),
  },
  {
    why: "A number that is given as an `ID` has 64 bits at most: all that our ids are made of. graphql-js takes any.",
    applies: (request, theirs, ours) => !theirs && /expected an id$/.test(ours.errors?.[0].message),
  },
  {
    why: "graphql-js lets directives be deprecated, which no edition does yet.",
    applies: (request, theirs, ours) => !theirs && /`__Directive` has no field `(isDeprecated|deprecationReason)`|`directives` has no argument `includeDeprecated`/.test(ours.errors?.[0].message),
  },
];
