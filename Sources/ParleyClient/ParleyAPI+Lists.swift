extension ParleyAPI {
    /// Every item of a list, page after page as they are asked for.
    /// - Parameters:
    ///   - path: of the list, such as `/v1/projects`.
    ///   - query: such as `["sort": "-created_at", "filter": "state=ready"]`.
    public func items<Item: Decodable & Sendable>(
        _ path: String, query: KeyValuePairs<String, String> = [:], as type: Item.Type = Item.self
    ) -> Items<Item> {
        Items(api: self, path: path, query: query.map { ($0.key, $0.value) })
    }

    /// The items of a list. Nothing is told twice and nothing is passed over when others add and delete meanwhile.
    public struct Items<Item: Decodable & Sendable>: AsyncSequence, Sendable {
        let api: ParleyAPI
        let path: String
        let query: [(String, String)]

        /// All of them at once.
        public func all() async throws -> [Item] {
            var items: [Item] = []
            for try await item in self { items.append(item) }
            return items
        }

        public func makeAsyncIterator() -> Iterator { Iterator(list: self) }

        public struct Iterator: AsyncIteratorProtocol {
            private let list: Items
            private var ready: ArraySlice<Item> = []
            private var cursor: String?
            private var isLast = false

            init(list: Items) { self.list = list }

            public mutating func next() async throws -> Item? {
                while ready.isEmpty, !isLast {
                    let page = try await list.page(cursor)
                    (ready, cursor, isLast) = (page.items[...], page.page.nextCursor, page.page.nextCursor == nil)
                }
                return ready.popFirst()
            }
        }

        private struct Page: Decodable {
            struct Place: Decodable { let nextCursor: String? }
            let items: [Item]
            let page: Place
        }

        private func page(_ cursor: String?) async throws -> Page {
            var outgoing = Outgoing(.get, path, query.contains { $0.0 == "limit" } ? [:] : ["limit": "100"])
            for (name, value) in query + (cursor.map { [("cursor", $0)] } ?? []) { outgoing = outgoing.asking(name, value) }
            return try api.decoded(try await api.send(outgoing))
        }
    }
}

extension Outgoing {
    /// The same call with one more parameter.
    fileprivate func asking(_ name: String, _ value: String) -> Outgoing { Outgoing(method, target, [name: value], headers) }
}
