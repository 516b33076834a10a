namespace N {
	export default 1;
}
