type Pair<A, B> {
}
