"""Words of the answers that forms offer, which name nobody: under a heading that may name someone, they do not.

Folded; an answer is of such words when all its words are. No first name and few surnames stand among them.
"""

import re
from typing import Final

from impact.matching import fold

_LITTLE: Final = (
    "de du des d la le les l un une et ou a au aux en dans sur sous par pour avec sans chez entre vers depuis "
    "pendant avant apres plus moins que qu qui quand si ne n pas ni je j tu il elle on nous vous ils elles me m te "
    "t se s mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce c cette ces ca cela y est es suis ai "
    "as avons avez ont sont ete etre avoir fait faire peut peux veux veut va vais mais car comme donc deja encore "
    "bientot maintenant actuellement the an of in at to my i am is are have has had do does with without not no or "
    "and for from"
)
_SAID: Final = (
    "oui non yes vrai faux true false x ok o nsp nc nr na sais sait reponse reponds refus refuse souhaite prefere "
    "repondre concerne concernee applicable aucun aucune rien personne quelqu quelque quelques chose autre autres "
    "other none nobody nothing dont don know prefer say missing precisez specify coche cochee checked unchecked "
    "selected quoted"
)
_HOW_OFTEN: Final = (
    "jamais toujours souvent parfois rarement quelquefois regulierement occasionnellement frequemment temps fois "
    "tous toutes tout toute jour jours semaine semaines mois an ans annee annees heure heures minute minutes matin "
    "soir weekend chaque presque quasiment plusieurs environ longtemps never always often sometimes rarely usually "
    "daily weekly monthly every day days week weeks month months year years hour hours once twice times time"
)
_HOW_MUCH: Final = (
    "accord desaccord plutot tres assez trop peu peux beaucoup totalement completement parfaitement vraiment "
    "satisfait satisfaite satisfaisant insatisfait important importante utile inutile facile difficile bien mal bon "
    "bonne bons bonnes mauvais mauvaise mauvaises moyen moyenne excellent excellente mieux pire meilleur meilleure "
    "moindre autant pareil meme suffisant suffisante insuffisant seulement strongly agree disagree somewhat neither "
    "nor very quite good bad fair poor great better worse same satisfied dissatisfied likely unlikely all more less "
    "than much little enough"
)
_WHO: Final = (
    "homme femme garcon fille masculin feminin h f male female man woman boy girl moi lui parent parents pere mere "
    "frere freres soeur soeurs tante oncle oncles cousin cousine cousins grands-parents famille ami amie amis amies "
    "copain copine copains copines couple conjoint conjointe voisin voisine educateur educatrice educateurs "
    "referent referente psychologue juge assistant assistante assistants assistantes social sociale sociaux "
    "familial familiale mentor mentore mentors parrain marraine tuteur tutrice professeur professeurs prof medecin "
    "infirmier infirmiere animateur animatrice benevole benevoles adulte adultes jeune jeunes enfant enfants eleve "
    "gens father mother brother sister friend friends teacher worker"
)
_WHERE: Final = (
    "foyer foyers accueil mecs maison internat externat appartement appart autonome semi autonomie hotel domicile "
    "logement studio colocation seul seule residence fjt ase asso association institut village sos lieu vie "
    "structure etablissement collectif collective service caractere rue ville campagne urbain rural france etranger "
    "europe hors ici ailleurs home house place"
)
_DOING: Final = (
    "etudiant etudiante etudiants etudes etude lyceen lyceenne collegien collegienne apprenti apprentie "
    "apprentissage alternance salarie salariee actif active retraite retraitee emploi chomage chomeur stage "
    "formation travail travaille college lycee ecole primaire secondaire superieur universite scolarise scolarisee "
    "bac brevet cap bep bts licence master doctorat diplome niveau classe general generale technologique "
    "professionnel professionnelle seconde premiere terminale student employed unemployed retired school high "
    "secondary primary university degree some"
)
_BY_WHAT: Final = (
    "telephone portable smartphone ordinateur tablette mail mails e-mail email courriel sms message messages appel "
    "appels visio reseaux reseau internet site instagram snapchat tiktok whatsapp discord facebook messenger "
    "adresse numero carte phone mobile nom prenom perdu change partage personnel personnelle commun"
)
_WORDS: Final = frozenset(" ".join((_LITTLE, _SAID, _HOW_OFTEN, _HOW_MUCH, _WHO, _WHERE, _DOING, _BY_WHAT)).split())
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NUMBERS: Final = re.compile(r"\d+")
_LONG_OR_DAY: Final = re.compile(r"\d{3}|\d\s?/\s?\d")


def is_everyday(text: str) -> bool:
    """Whether a text is made of such words alone, and of one or two numbers of two digits at most."""
    if _LONG_OR_DAY.search(text) or len(_NUMBERS.findall(text)) > 2:
        return False
    return all(map(_is_word, _WORD.findall(fold(text))))


def holds_everyday(text: str) -> bool:
    """Whether one of a text's words is such a word."""
    return any(map(_is_word, _WORD.findall(fold(text))))


def _is_word(word: str) -> bool:
    """Whether a word, folded, is one of them; of some that hyphens join, all."""
    return word in _WORDS or ("-" in word and all(part in _WORDS for part in word.split("-")))
