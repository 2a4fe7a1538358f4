#!/usr/bin/env bash
# Installs what the tests need and the machine lacks: Debian's PostgreSQL, faketime, openssl, Prometheus, Alertmanager, swaks and
# Zabbix' interpreter of scripts, Python packages into target/python, and a script of Zabbix' into target/zabbix.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=()
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || wanted+=(postgresql)
command -v faketime >/dev/null || wanted+=(faketime)
command -v curl >/dev/null || wanted+=(curl)
command -v openssl >/dev/null || wanted+=(openssl)
command -v prometheus-alertmanager >/dev/null || wanted+=(prometheus-alertmanager)
command -v swaks >/dev/null || wanted+=(swaks)
perl -MNet::SSLeay -e 1 2>/dev/null || wanted+=(libnet-ssleay-perl)
command -v prometheus >/dev/null || wanted+=(prometheus)
# What runs scripts of media types is a part of server and proxy alike; this is the smallest.
command -v zabbix_js >/dev/null || wanted+=(zabbix-proxy-sqlite3)
python3 -c 'import venv, ensurepip' 2>/dev/null || wanted+=(python3-venv)
if [ "${#wanted[@]}" -gt 0 ]; then
  echo "installing Debian packages: ${wanted[*]}"
  sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo"
  $sudo apt-get update -q
  # The package would start a cluster of its own; the tests start theirs.
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${wanted[@]}"
fi

# Zabbix' own script for Opsgenie stands among the documents of its web pages, which themselves are not needed.
script="usr/share/doc/zabbix-frontend-php/templates/media/opsgenie/media_opsgenie.yaml"
if [ ! -e "target/zabbix/$script" ]; then
  mkdir -p target/zabbix
  (cd target/zabbix && apt-get download -q zabbix-frontend-php)
  dpkg-deb --fsys-tarfile target/zabbix/zabbix-frontend-php_*.deb | tar -x -C target/zabbix "./$script"
  rm target/zabbix/zabbix-frontend-php_*.deb
fi

# Real peers of the server, as people have them: a mail server, a webhook verifier, readers of calendars, a fuzzer that
# reads OpenAPI, the official clients of PagerDuty and Opsgenie.
packages=(aiosmtpd==1.4.6 icalendar==7.3.0 recurring-ical-events==3.8.2 schemathesis==4.32.5 standardwebhooks==1.1.0
  pdpyras==5.4.1 opsgenie-sdk==2.1.5)
stamp="target/python/installed-${packages[*]// /_}"
if [ ! -e "$stamp" ]; then
  echo "installing Python packages: ${packages[*]}"
  python3 -m venv --clear target/python
  target/python/bin/pip install --quiet --disable-pip-version-check "${packages[@]}"
  touch "$stamp"
fi
