"""The support workers' web desk, and where kiosks deliver. It can open no request without a worker's password."""
