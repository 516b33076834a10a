const a = <div>
