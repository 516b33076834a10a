// Reads and writes of own properties, a chain of them, and one on a prototype.
function Account(id) {
	this.id = id;
	this.balance = 0;
	this.owner = { name: 'ada', address: { zip: 1015 } };
}
Account.prototype.rate = 2;
var account = new Account(7);
function run(n) {
	var a = account;
	a.balance = 0;
	for (var i = 0; i < n; i++) {
		a.balance = (a.balance + a.id * a.rate + a.owner.address.zip) % 1000003;
		a.id = (a.id + 1) & 255;
	}
	a.id = 7;
	return a.balance;
}
