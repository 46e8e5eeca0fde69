#!/bin/sh
# A certificate authority of your own, for a mall on a LAN that no public authority can reach:
#   sh authority.sh FOLDER NAME [ADDRESS ...]      e.g.  sh authority.sh /etc/satuatap/tls mpp.lan 192.168.10.5
# FOLDER/authority.pem is installed on every kiosk, board and desk (browser: "authorities" or the system's store);
# server.pem and server.key are for the reverse proxy. Run again, it renews the server's certificate and keeps the
# authority. Keep authority.key off the server when you are done: who has it can pose as any site to those machines.
set -eu
folder=$1
name=$2
shift 2
command -v openssl > /dev/null || {
    echo "satuatap: openssl tidak ada. Pasang: apt install openssl" >&2
    echo "          openssl is missing. Install it: apt install openssl" >&2
    exit 1
}
umask 077
mkdir -p "$folder"
names="DNS:$name"
for address in "$@"; do names="$names,IP:$address"; done

if [ ! -f "$folder/authority.pem" ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -sha256 \
        -keyout "$folder/authority.key" -out "$folder/authority.pem" -subj "/CN=satuatap $name" \
        -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" 2> /dev/null
fi
if [ ! -f "$folder/authority.key" ]; then
    echo "satuatap: $folder/authority.key tidak ada; taruh kembali untuk memperbarui sertifikat." >&2
    echo "          $folder/authority.key is not there; put it back to renew the certificate." >&2
    exit 1
fi
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$folder/server.key.new" -out "$folder/server.csr" -subj "/CN=$name" 2> /dev/null
printf '%s\n' "subjectAltName=$names" "basicConstraints=critical,CA:FALSE" "keyUsage=critical,digitalSignature" \
    "extendedKeyUsage=serverAuth" > "$folder/server.ext"
# Browsers refuse server certificates that hold for more than 825 days.
openssl x509 -req -in "$folder/server.csr" -CA "$folder/authority.pem" -CAkey "$folder/authority.key" -CAcreateserial \
    -days 800 -sha256 -extfile "$folder/server.ext" -out "$folder/server.pem.new" 2> /dev/null
cat "$folder/authority.pem" >> "$folder/server.pem.new"
mv "$folder/server.key.new" "$folder/server.key"
mv "$folder/server.pem.new" "$folder/server.pem"
rm -f "$folder/server.csr" "$folder/server.ext"
chmod 644 "$folder/authority.pem" "$folder/server.pem"
openssl x509 -in "$folder/server.pem" -noout -enddate -ext subjectAltName
