interface A {
	name: string;
	age number;
}
