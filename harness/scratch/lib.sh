greet() { echo "hello $1"; }
fail_at() { false; return 7; }
deploy() {
  systemctl daemon-reload
  timeout 5 systemctl restart "$1" || return 4
  install -D -m 755 /etc/in "/opt/bin/$1"
}
