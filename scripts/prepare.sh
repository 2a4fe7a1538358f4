#!/usr/bin/env bash
# Installs what the tests need and the machine lacks: Debian's PostgreSQL, faketime, openssl, Prometheus, Alertmanager, swaks,
# Chromium with its driver, Node and Zabbix' interpreter of scripts, Python packages into target/python and target/senders, a
# Node package into target/node, a script of Zabbix' into target/zabbix, and nullmailer, Nagios and Icinga 2 into
# target/nullmailer, target/nagios4 and target/icinga2.
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
command -v chromium >/dev/null || wanted+=(chromium)
command -v chromedriver >/dev/null || wanted+=(chromium-driver)
# What runs scripts of media types is a part of server and proxy alike; this is the smallest.
command -v zabbix_js >/dev/null || wanted+=(zabbix-proxy-sqlite3)
command -v node >/dev/null || wanted+=(nodejs)
command -v npm >/dev/null || wanted+=(npm)
# What nullmailer, which is not installed, is linked to.
ls /usr/lib/*/libgnutls.so.30 >/dev/null 2>&1 || wanted+=(libgnutls30)
python3 -c 'import venv, ensurepip' 2>/dev/null || wanted+=(python3-venv)
if [ "${#wanted[@]}" -gt 0 ]; then
  echo "installing Debian packages: ${wanted[*]}"
  sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo"
  $sudo apt-get update -q
  # The package would start a cluster of its own; the tests start theirs.
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${wanted[@]}"
fi

unpack() { # PACKAGE FOLDER FILE...: files of a Debian package that is not installed, into target/FOLDER
  local package="$1" folder="target/$2"
  shift 2
  mkdir -p "$folder"
  (cd "$folder" && apt-get download -q "$package")
  # Whoever runs the tests owns them, and nobody runs them as somebody else.
  dpkg-deb --fsys-tarfile "$folder/$package"_*.deb |
    tar -x --no-same-owner --no-same-permissions -C "$folder" "${@/#/./}"
  rm "$folder/$package"_*.deb
}

# Zabbix' own script for Opsgenie stands among the documents of its web pages, which themselves are not needed.
script="usr/share/doc/zabbix-frontend-php/templates/media/opsgenie/media_opsgenie.yaml"
[ -e "target/zabbix/$script" ] || unpack zabbix-frontend-php zabbix "$script"

# Installed, nullmailer would be the mail server of the machine, in the place of another.
programs=(usr/bin/nullmailer-inject usr/bin/nullmailer-dsn usr/sbin/nullmailer-queue usr/sbin/nullmailer-send
  usr/lib/nullmailer/smtp)
[ -e "target/nullmailer/${programs[-1]}" ] || unpack nullmailer nullmailer "${programs[@]}"

# Neither is Nagios nor Icinga 2 to watch this machine; Icinga 2 comes with what it is linked to.
[ -e target/nagios4/usr/sbin/nagios4 ] || unpack nagios4-core nagios4 usr/sbin/nagios4
libraries="usr/lib/$(uname -m)-linux-gnu"
if [ ! -e "target/icinga2/$libraries/icinga2/sbin/icinga2" ]; then
  for library in context coroutine filesystem iostreams program-options regex thread; do
    unpack "libboost-${library}1.74.0" icinga2 "$libraries/libboost_${library/-/_}.so.1.74.0"
  done
  unpack icinga2-common icinga2 usr/share/icinga2/include
  unpack icinga2-bin icinga2 "$libraries/icinga2/sbin/icinga2"
fi

# Real peers of the server, as people have them: a mail server, a webhook verifier, readers of calendars, a fuzzer that
# reads OpenAPI, the official clients of PagerDuty and Opsgenie, codes of a second factor, a provider of OpenID Connect, what opens Web Push.
packages=(aiosmtpd==1.4.6 icalendar==7.3.0 recurring-ical-events==3.8.2 schemathesis==4.32.5 standardwebhooks==1.1.0
  pdpyras==5.4.1 opsgenie-sdk==2.1.5 pyotp==2.12.1 oidc-provider-mock==0.3.4
  http_ece==1.2.1)
stamp="target/python/installed-${packages[*]// /_}"
if [ ! -e "$stamp" ]; then
  echo "installing Python packages: ${packages[*]}"
  python3 -m venv --clear target/python
  target/python/bin/pip install --quiet --disable-pip-version-check "${packages[@]}"
  touch "$stamp"
fi

# Senders that want other versions of what the packages above want.
senders=(pagerduty==7.2.0 apprise==2.3.0 moto==5.2.5 boto3==1.44.8)
stamp="target/senders/installed-${senders[*]// /_}"
if [ ! -e "$stamp" ]; then
  echo "installing Python packages: ${senders[*]}"
  python3 -m venv --clear target/senders
  target/senders/bin/pip install --quiet --disable-pip-version-check "${senders[@]}"
  touch "$stamp"
fi

# Opsgenie's client for Node, and nothing that its packages would run.
client="opsgenie-sdk@0.5.1"
if [ ! -e "target/node/installed-$client" ]; then
  echo "installing Node package: $client"
  rm -rf target/node
  mkdir -p target/node
  npm install --prefix target/node --no-save --ignore-scripts --no-audit --no-fund --loglevel=error "$client"
  touch "target/node/installed-$client"
fi

# The checker of accessibility, which comes with a driver of browsers that the tests do without.
checker="axe-playwright-python==0.1.8"
if [ ! -e "target/python/installed-$checker" ]; then
  echo "installing Python package: $checker"
  target/python/bin/pip install --quiet --disable-pip-version-check --no-deps "$checker"
  touch "target/python/installed-$checker"
fi
