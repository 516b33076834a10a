enum E {
	A = Math.random(),
	B,
}
