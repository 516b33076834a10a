const a = <p>1 > 0</p>;
