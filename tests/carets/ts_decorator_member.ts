class A {
	@log m() { }
}
