/** Passwords, one per line, for tests of the policy. */

/** Passwords that lists of leaked passwords, or simple rules on top of them, have. */
export const badPasswords: readonly string[] = `
123456789
12345678
1234567890
password
password1
Password1
Password1!
Password123
Password123!
Passw0rd
Passw0rd!
P@ssw0rd
P@ssw0rd1
P@ssw0rd123
P@$$w0rd
pa55word
pa55w0rd!
PASSWORD
passwordpassword
mypassword
password2024
Password2025!
Password2026
password!!
!password!
1password1
pass1234
Pass1234!
qwerty123
qwertyui
qwertyuiop
qwerty12
Qwerty123!
qwerty1234
qwerty2024
Qwerty!23
1q2w3e4r
1q2w3e4r5t
q1w2e3r4
1qaz2wsx
1qaz@WSX
zaq12wsx
1qazxsw2
qazwsxedc
qazwsx123
asdfghjkl
asdfghjk
asdf1234
asdfasdf
zxcvbnm1
zxcvbnm,
zxcvbnm123
11111111
00000000
22222222
88888888
99999999
1111111111
aaaaaaaa
AAAAAAAA
zzzzzzzz
xxxxxxxxxx
!!!!!!!!
--------
12121212
123123123
123412341234
12341234
121314151617
13579135
24682468
87654321
987654321
0987654321
9876543210
01234567
123456781
1234567a
12345678a
a12345678
a1234567
abc12345
abcd1234
abcd12345
abcdefgh
abcdefghi
abcdefg1
abc123456
abc123abc
hgfedcba
abcabcabc
aabbccdd
aabbccddee
11223344
1122334455
11112222
123321123
112233445566
147258369
159753159
741852963
iloveyou
iloveyou1
iloveyou2
iloveyou!
ILoveYou123
Iloveyou2!
loveyou1
lovelove
love1234
sunshine
sunshine1
Sunshine!
$unsh1ne
princess
princess1
Princess12
football
football1
Football!
F00tball
baseball
baseball1
basketball
superman
superman1
Superman!
batman123
Batman2024!
spiderman
starwars
StarWars1
pokemon1
pokemon123
dragon12
Dragon123!
dragon2024
monkey12
Monkey123
m0nkey123
shadow12
Shadow123!
master12
Master123!
michael1
Michael123
jennifer
jessica1
jordan23
Jordan2323
charlie1
Charlie123!
ashley12
daniel123
andrew123
thomas123
robert123
matthew1
nicole123
hunter22
Hunter123!
killer123
trustno1
Trustno1!
letmein1
letmein123
Letmein!
L3tm31n!
welcome1
Welcome1!
Welcome123
Welcome2024!
Welc0me1
w3lcome123
admin123
admin1234
Admin123!
admin2024!
administrator
changeme
ChangeMe1
changeme123!
default1
secret12
secret123
Secret123!
computer
computer1
internet
internet1
whatever
whatever1
freedom1
Freedom123
computer!
google123
facebook
facebook1
samsung1
samsung123
liverpool
liverpool1
chelsea1
arsenal1
Arsenal123
barcelona
manchester
yankees1
summer12
Summer2024!
Summer2025
summer123
Winter2024!
winter123
Spring2025!
Autumn2025!
january1
January2024
October2025!
monday123
Friday123!
cheese12
chocolate
chocolate1
Ch0c0late
cookie123
banana12
orange123
pepper12
ginger12
flower123
butterfly
butterfly1
blink182
metallica
nirvana1
corvette
mustang1
mercedes
ferrari1
porsche911
fuckyou1
asshole1
access14
hello123
Hello123!
hello1234
test1234
Test123!
testtest
testing1
temp1234
user1234
guest123
root1234
login123
password0
!@#$%^&*
!@#$%^&*()
йцукенгш
qwertz123
azerty123
azertyuiop
contraseña
passwort
Passwort1
Passwort123!
hallo123
Hallo1234
schatz123
motdepasse
bonjour1
Bonjour123
soleil123
doudou12
teamo123
tequiero
estrella
realmadrid
ｐａｓｓｗｏｒｄ
qwerty123456789
123456789012345
1234567890qwerty
1qaz2wsx3edc4rfv
abcdefghijklmno
qwertyuiopasdfg
aaaaaaaaaaaaaaa
passwordpassword1
`
  .trim()
  .split('\n');

/** Passwords that people might rightly choose: phrases in many languages, and what password managers make. */
export const goodPasswords: readonly string[] = `
violet lantern harbour
correct horse battery staple
seven green kites
my dog ate 3 blue socks
the quick brown otter naps
rain on a tin roof at noon
we left paris before dawn
coffee first, questions later
grandma's apple pie recipe
no cheese in the fridge
a ship in port is safe
two owls and a lighthouse
my bike has a flat tyre again
I never liked Mondays much
blue whales sing at midnight
twelve angry geese in june
pickled onions on toast
she sells sea glass in Cornwall
kettle boils over at six
paint the fence turquoise
ninety-nine ways to tie a knot
an umbrella for the moon
soup of the day is nettle
walnut desk under the window
the train to Leeds is late
hazel, birch and rowan trees
please water the basil
cold hands and a warm stove
marmalade skies over Hull
who moved my left slipper
one more lap around the pond
trams rattle past the bakery
copper kettle, wooden spoon
the piano needs a new string
no signal beyond the tunnel
hedgehogs cross after dark
violins at the fish market
yesterday was Tuesday twice
lemon curd on rye bread
the map is folded wrong
bring two pens and a ruler
eleven sparrows on a wire
a small boat named Petra
write it down before lunch
plums ripen in late August
the clock strikes thirteen
old maps of the Danube
quiet please, baby sleeping
fourteen steps to the cellar
my other car is a sledge
Tangled-Cobweb-Fidget-52
crumpet-orbit-salami-nook
Onward.Teapot.Granite.Lilac
mulberry_saddle_ink_quartz
vest+pigeon+ladder+truffle
harbor-swift-candle-94-moth
Lavish Cactus Renders 8 Poems
unwashed.spoon.diplomat.kiwi
snazzy/otter/bugle/gravel
brisk-turnip-cello-monsoon
rugby quilt amber folder
gusty plank dove ritual
tulip anvil mango cipher
breeze magnet lotus 4 tarts
pebble orchard zinc ballad
wombat ledger sorbet fjord
igloo parsnip velvet comet
thimble raven cargo oasis
sprocket heron mint dune
falcon biscuit tundra lute
hoxqaz-7wybxe-dizGup
rumzuq-tyvwa3-Kixwyn
Vebxop-dutka5-mehnyr
qofbyt-1jYzne-hubvyx
sadRyg-vicma8-kyjtox
xK7!pq2zRw
9tB#vLm4Qe
fW3$hN8@kT
Zr5&jP1*xD
u8G^cY2%nV
kW4!pq9z
m7Qx-29Lv
Jb4_tR8w
cN6+yH3s
e5ZgWq1L
Xv8nK2rTb6
p4LdS9mYc3
H2wQz7VfJ
t6RkB1xNg
yD3sM8vPh
a9CjU4zLq
W5gXe2TnK
7fYbR1mQd
n8ZvH3kSw
G4xLt6PcJ
q2MdV9rBy
u7KsN5hWf
zE1gT8jXa
R3pCw6LmQ
b8YkD4vHn
tXq7Zr2Lk9Wm5Vb
mB4nH8cJ3fG6sD1
Yw2Pz9Rk5Tq8Lx3
vN7dF1hK4jM6bC0
kQ5wE8rT2yU9iO3
8v#Lq!z2@Rt7$Wm
p*K3&dX9^gB5%hN
c7)Zs(4Jf-2Yw_8
1a9f3c7e5b2d8046
f47ac10b58cc4372
9e107d9d372bb682
b6d81b360a5672d8
58204917360
71930286455
40617382951
9042 7731 5586
3141 7790 2264 8
+44 7911 ring me 8
mein Fahrrad ist gelb
drei Eulen im Nebel
Apfelkuchen mit Zimt und Sahne
heute scheint der Mond
zwölf Boxkämpfer jagen Viktor
Straßenbahn um halb neun
ein Koffer voller Knöpfe
kalter Kaffee macht müde
der Garten riecht nach Minze
Omas Schrank klemmt wieder
le chat dort sur le piano
un croissant et deux cafés
il pleut sur la péniche
trois cygnes au bord du lac
mon vélo grince le matin
la lune derrière le phare
du pain noir et du miel
les volets bleus de Nantes
el gato duerme en la silla
cuatro limones y una pera
mi abuela toca el violín
la lluvia huele a tierra
pan con tomate y aceite
un faro lejos de casa
tre gatti sul tetto rosso
la pioggia batte sui vetri
un caffè lungo in piazza
il treno per Lecce ritarda
dois barcos no porto velho
o café esfriou na varanda
sete peixes num balde azul
vier fietsen bij de gracht
regen op het glazen dak
een kopje thee bij de haard
tre båtar i en liten hamn
kaffe och kanelbulle i regn
snön faller över ladan
kolme kissaa ja lyhty
sade ropisee ikkunaan
szary kot śpi na piecu
dwa jabłka i gruszka
deszcz pada na stary most
pět hrušek v košíku
déšť bubnuje na okno
három körte a kosárban
yağmur yağıyor pencereye
üç kedi ve bir fener
зелёный чайник на плите
три совы сидят в тумане
дождь стучит по крыше
старый мост через реку
чай с лимоном и мёдом
το τρένο αργεί πάλι
τρεις γάτες στη στέγη
בלילה יורד גשם על הגג
المطر يطرق النافذة
تحت الجسر قارب صغير
बारिश छत पर गिरती है
雨の日は紅茶を飲みます
三匹の猫が屋根で眠る
古い橋の下に小さな舟がある
窗外的雨一直下到天亮
三只猫头鹰坐在雾里
비가 지붕을 두드린다
안개 속의 부엉이 세 마리
ฝนตกบนหลังคาสังกะสี
mưa rơi trên mái nhà cũ
🦊🦉🐢🐝🐙🦑🦀🐌
🌧️ on a tin roof 🎷
two 🦉 and a 🗼
Ich♥Zimtschnecken&Regen
My1stBikeWasRed&Rusty
2ndFloor,BlueDoor,NoBell
IAte5PlumsOnASunday
WhoLetTheHensOut?Carla
BuyMilk+Eggs@7
Tea4Two&Scones
NoMoreRaincoats!Please
Rosebud-was-a-Sled-41
Elm.Street.Bakery.1974
Gate17BoardingLate
ThreeKnotsInTheRope
LeftAtTheOldWindmill
eat-more-parsnips-2031
ratatouille for nineteen
hush now, the owl is up
an ounce of nutmeg, grated
six swans a-swimming, one sulks
the attic smells of cedar
never trust a talking parrot
Bring back the night bus!
half past nine in Reykjavik
mind the gap near Embankment
a penny for the ferryman
nobody reads the manual
dill, caraway and mustard seed
`
  .trim()
  .split('\n');
