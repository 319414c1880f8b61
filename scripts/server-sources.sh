# What a build of the server is made of, as one number: the names, sizes and times of its sources. Started by the
# launcher and by build-server.ts in the project's root. An update that is unpacked with the times of its makers
# changes it too, which comparing with the time of the build would not see.
LC_ALL=C TZ=UTC0
export LC_ALL TZ
find src client contract package.json package-lock.json scripts/build-server.ts -type f -exec ls -ln {} + 2>/dev/null | cksum
